import { keysetPage, keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { CircleTheme, RealNameLevel, TrustBand } from '@banyan/vocabulary';
import { sql } from 'kysely';
import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  Insertable,
  Kysely,
  Selectable,
  Transaction,
  Updateable,
} from 'kysely';
import type { CircleAccess, TrustCurrency } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface CirclesTable {
  id: string;
  name: string;
  about: string;
  theme: CircleTheme;
  access: CircleAccess;
  /** Of these two one is set. */
  operator_user_id: string | null;
  operator_organisation_id: string | null;
  trust_currency: readonly TrustCurrency[];
  /** Interests that the circle's words speak of; what a portrait is matched with. */
  tags: readonly string[];
  /** What a person must have to come in. */
  real_name_level: RealNameLevel;
  trust_band: TrustBand | null;
  join_questions: readonly string[];
  /** People who belong, kept by `addToMemberCount` in the transaction of each change. */
  member_count: Generated<bigint>;
  founder_id: string;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
  searched: GeneratedAlways<string>;
}
export type CircleRow = Selectable<CirclesTable>;

const newestFirst = [
  { column: 'circles.created_at', direction: 'desc' },
  { column: 'circles.id', direction: 'desc' },
] as const;

export function findCircles(db: Kysely<Database>, ids: readonly string[]): Promise<CircleRow[]> {
  return db.selectFrom('circles').selectAll().where('id', 'in', ids).execute();
}

export function findCircle(db: Kysely<Database>, id: string): Promise<CircleRow | undefined> {
  return db.selectFrom('circles').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The circle, locked against every other change of its membership count until the transaction ends. */
export function lockCircle(trx: Transaction<Database>, id: string): Promise<CircleRow | undefined> {
  return trx.selectFrom('circles').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

/** Newest first; every word must occur in the name or the description. */
export function pageOfCircles(
  db: Kysely<Database>,
  filter: { theme: CircleTheme | null; words: readonly string[] },
  page: { first: number; after: string | null },
): Promise<Page<CircleRow>> {
  let query = db.selectFrom('circles').selectAll('circles');
  if (filter.theme !== null) query = query.where('theme', '=', filter.theme);
  for (const word of filter.words) {
    query = query.where('searched', 'ilike', `%${word.replace(/[\\%_]/g, (special) => `\\${special}`)}%`);
  }
  return keysetPage(query, { ...page, orderBy: newestFirst });
}

export function pagesOfOrganisations(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<CircleRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('circles').selectAll('circles'), {
    parentColumn: 'circles.operator_organisation_id',
    requests,
    orderBy: newestFirst,
  });
}

/** Open circles that share a theme or a tag with somebody who is not in them and never was; most members first. */
export function findCandidates(
  db: Kysely<Database>,
  search: {
    userId: string;
    themes: readonly CircleTheme[];
    tags: readonly string[];
    maxCandidates: number;
  },
): Promise<CircleRow[]> {
  return db
    .selectFrom('circles')
    .selectAll('circles')
    .where('access', 'in', ['PUBLIC_READ', 'APPLY'])
    .where((where) =>
      where.or([
        sql<boolean>`tags && ${search.tags}::text[]`,
        where('theme', '=', where.fn.any(sql<CircleTheme[]>`${search.themes}::text[]`)),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('memberships')
            .select('memberships.id')
            .whereRef('memberships.circle_id', '=', 'circles.id')
            .where('memberships.user_id', '=', search.userId),
        ),
      ),
    )
    .orderBy('member_count', 'desc')
    .orderBy('id')
    .limit(search.maxCandidates)
    .execute();
}

export function findCircleByKey(
  db: Kysely<Database>,
  founderId: string,
  key: string,
): Promise<CircleRow | undefined> {
  return db
    .selectFrom('circles')
    .selectAll()
    .where('founder_id', '=', founderId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** Undefined when the founder's key is taken. */
export function insertCircle(
  trx: Transaction<Database>,
  circle: Insertable<CirclesTable>,
): Promise<CircleRow | undefined> {
  return trx
    .insertInto('circles')
    .values(circle)
    .onConflict((conflict) => conflict.constraint('circles_founder_key').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateCircleRow(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<CirclesTable>,
): Promise<CircleRow> {
  return trx.updateTable('circles').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

export async function addToMemberCount(
  trx: Transaction<Database>,
  id: string,
  difference: bigint,
): Promise<void> {
  await trx
    .updateTable('circles')
    .set((update) => ({ member_count: update('member_count', '+', difference) }))
    .where('id', '=', id)
    .execute();
}
