import { sql, type Generated, type Kysely, type Transaction } from 'kysely';
import type { FactKind, Interest } from '../domain/facts.ts';
import type { Database } from './database.ts';

/**
 * What other subgraphs have told that a person did, each thing once. Trust and portrait are reckoned from it when they
 * are read, so that an event which comes again changes nothing.
 */
export interface PersonFactsTable {
  person_id: string;
  kind: FactKind;
  /** Which campaign, course, circle or admirer. */
  key: string;
  /** Craft or theme. */
  word: string | null;
  /** When it last happened. */
  happened_at: Date;
}

/** People whose band of trust is to be reckoned anew. */
export interface TrustDueTable {
  position: Generated<bigint>;
  person_id: string;
}

/** Campaigns that have been live. */
export interface KnownCampaignsTable {
  id: string;
  kind: string;
}

/** Keeps what happened, and marks the person's trust as due where it is news. */
export async function recordFact(
  trx: Transaction<Database>,
  fact: { personId: string; kind: FactKind; key: string; word: string | null; happenedAt: Date },
): Promise<void> {
  await sql`
    with known as (
      select from person_facts
      where person_id = ${fact.personId} and kind = ${fact.kind} and key = ${fact.key}
    ), kept as (
      insert into person_facts (person_id, kind, key, word, happened_at)
      values (${fact.personId}, ${fact.kind}, ${fact.key}, ${fact.word}, ${fact.happenedAt})
      on conflict (person_id, kind, key) do update
      set word = excluded.word, happened_at = greatest(person_facts.happened_at, excluded.happened_at)
    )
    insert into trust_due (person_id) select ${fact.personId} where not exists (select from known)`.execute(
    trx,
  );
}

/** Forgets what is no longer so. */
export async function forgetFact(
  trx: Transaction<Database>,
  fact: { personId: string; kind: FactKind; key: string },
): Promise<void> {
  await sql`
    with gone as (
      delete from person_facts
      where person_id = ${fact.personId} and kind = ${fact.kind} and key = ${fact.key}
      returning person_id
    )
    insert into trust_due (person_id) select person_id from gone`.execute(trx);
}

/** How often each kind of thing was told of a person, and when last. */
export function countFacts(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<{ person_id: string; kind: FactKind; count: bigint; latest: Date }[]> {
  return db
    .selectFrom('person_facts')
    .select((select) => [
      'person_id',
      'kind',
      select.fn.countAll<bigint>().as('count'),
      select.fn.max('happened_at').as('latest'),
    ])
    .where('person_id', 'in', personIds)
    .groupBy(['person_id', 'kind'])
    .execute();
}

/** What people did of which kind, each thing counting half as much for every half-life that has passed. */
export async function sumInterests(
  db: Kysely<Database>,
  personIds: readonly string[],
  decay: { now: Date; halfLifeMs: number },
): Promise<(Interest & { person_id: string })[]> {
  const { rows } = await sql<Interest & { person_id: string }>`
    select f.person_id, f.kind, coalesce(f.word, c.kind) as word,
      sum(power(0.5::float8, greatest(0, extract(epoch from ${decay.now}::timestamptz - f.happened_at))
        / ${decay.halfLifeMs / 1_000}::float8)) as strength
    from person_facts f
    left join known_campaigns c on f.kind = 'GIFT' and c.id = f.key
    where f.person_id = any(${personIds}::text[]) and f.kind in ('GIFT', 'COURSE', 'CIRCLE')
    group by 1, 2, 3`.execute(db);
  return rows;
}

export async function saveKnownCampaign(
  trx: Transaction<Database>,
  campaign: KnownCampaignsTable,
): Promise<void> {
  await trx
    .insertInto('known_campaigns')
    .values(campaign)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ kind: campaign.kind }))
    .execute();
}

export async function markTrustDue(trx: Transaction<Database>, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  await trx
    .insertInto('trust_due')
    .values(personIds.map((personId) => ({ person_id: personId })))
    .execute();
}

/** Takes people off the list whose trust is due; what another process holds is left to it. */
export async function takeTrustDue(trx: Transaction<Database>, maxRows: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    with taken as (
      delete from trust_due where position in (
        select position from trust_due order by position limit ${maxRows} for update skip locked
      ) returning person_id
    )
    select distinct person_id from taken order by person_id`.execute(trx);
  return rows.map((row) => row.person_id);
}
