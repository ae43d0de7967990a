import { keysetPage, type Page } from '@banyan/kit/database';
import type { Relation } from '@banyan/vocabulary';
import { sql } from 'kysely';
import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { RelativeState } from '../domain/words.ts';
import type { Database } from './database.ts';

/** `asked` is `relation` of `asker`: said by the asker, true when the other has confirmed it. */
export interface RelativesTable {
  id: string;
  asker_id: string;
  asked_phone_fingerprint: string;
  /** Null as long as nobody with that phone has signed in. */
  asked_id: string | null;
  relation: Relation;
  state: RelativeState;
  by_document: Generated<boolean>;
  created_at: ColumnType<Date, Date | undefined, never>;
  verified_at: Date | null;
}
export type RelativeRow = Selectable<RelativesTable>;

export function findRelatives(db: Kysely<Database>, ids: readonly string[]): Promise<RelativeRow[]> {
  return db.selectFrom('relatives').selectAll().where('id', 'in', ids).execute();
}

/** Asked by the person or of the person, newest first, without what is over. */
export function pageOfRelatives(
  db: Kysely<Database>,
  personId: string,
  page: { first: number; after: string | null },
): Promise<Page<RelativeRow>> {
  const query = db
    .selectFrom('relatives')
    .selectAll('relatives')
    .where('state', '<>', 'REVOKED')
    .where((where) => where.or([where('asker_id', '=', personId), where('asked_id', '=', personId)]));
  return keysetPage(query, {
    ...page,
    orderBy: [
      { column: 'relatives.created_at', direction: 'desc' },
      { column: 'relatives.id', direction: 'desc' },
    ],
  });
}

/** What one has asked of a phone and not taken back. */
export function findAsking(
  trx: Transaction<Database>,
  askerId: string,
  phoneFingerprint: string,
): Promise<RelativeRow | undefined> {
  return trx
    .selectFrom('relatives')
    .selectAll()
    .where('asker_id', '=', askerId)
    .where('asked_phone_fingerprint', '=', phoneFingerprint)
    .where('state', '<>', 'REVOKED')
    .executeTakeFirst();
}

/** What one has asked of another, open or confirmed, locked. */
export function lockOpenBetween(
  trx: Transaction<Database>,
  askerId: string,
  askedId: string,
): Promise<RelativeRow | undefined> {
  return trx
    .selectFrom('relatives')
    .selectAll()
    .where('asker_id', '=', askerId)
    .where('asked_id', '=', askedId)
    .where('state', 'in', ['REQUESTED', 'VERIFIED'])
    .forUpdate()
    .executeTakeFirst();
}

export function lockRelative(trx: Transaction<Database>, id: string): Promise<RelativeRow | undefined> {
  return trx.selectFrom('relatives').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Undefined when this one has asked that phone already. */
export function insertRelative(
  trx: Transaction<Database>,
  relative: Insertable<RelativesTable>,
): Promise<RelativeRow | undefined> {
  return trx
    .insertInto('relatives')
    .values(relative)
    .onConflict((conflict) =>
      conflict
        .columns(['asker_id', 'asked_phone_fingerprint'])
        .where(sql<boolean>`state <> 'REVOKED'`)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

export function updateRelative(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<RelativesTable>,
): Promise<RelativeRow> {
  return trx
    .updateTable('relatives')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Gives what is asked of a phone to the person who has signed in with it; what was taken back stays nobody's. */
export function linkWaitingRelatives(
  trx: Transaction<Database>,
  personId: string,
  phoneFingerprint: string,
): Promise<RelativeRow[]> {
  return trx
    .updateTable('relatives')
    .set({ asked_id: personId })
    .where('asked_phone_fingerprint', '=', phoneFingerprint)
    .where('asked_id', 'is', null)
    .where('state', '=', 'REQUESTED')
    .returningAll()
    .execute();
}

/** How many confirmed relatives people have, and since when the last. */
export async function countVerifiedRelatives(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<{ person_id: string; count: bigint; latest: Date }[]> {
  const { rows } = await sql<{ person_id: string; count: bigint; latest: Date }>`
    select person_id, count(*) as count, max(verified_at) as latest
    from (
      select asker_id as person_id, verified_at from relatives
      where state = 'VERIFIED' and asker_id = any(${personIds}::text[])
      union all
      select asked_id, verified_at from relatives
      where state = 'VERIFIED' and asked_id = any(${personIds}::text[])
    ) verified
    group by person_id`.execute(db);
  return rows;
}
