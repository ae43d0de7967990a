import { keysetPage, type Page } from '@banyan/kit/database';
import type { OrganisationKind } from '@banyan/vocabulary';
import { sql } from 'kysely';
import type { ColumnType, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Database } from './database.ts';

export interface OrganisationsTable {
  id: string;
  name: string;
  kinds: readonly OrganisationKind[];
  /** The licence to raise from the public; all three or none. */
  licence_number: string | null;
  licence_from: string | null;
  licence_to: string | null;
  verified_at: Date | null;
  founder_id: string;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type OrganisationRow = Selectable<OrganisationsTable>;

export function findOrganisations(db: Kysely<Database>, ids: readonly string[]): Promise<OrganisationRow[]> {
  return db.selectFrom('organisations').selectAll().where('id', 'in', ids).execute();
}

export interface OrganisationFilter {
  readonly kind: OrganisationKind | null;
  readonly words: readonly string[];
  /** To whom it is not yet known whether they are who they say. */
  readonly alsoUnverified: boolean;
}

/** By name; every word must occur in it. */
export function pageOfOrganisations(
  db: Kysely<Database>,
  filter: OrganisationFilter,
  page: { first: number; after: string | null },
): Promise<Page<OrganisationRow>> {
  let query = db.selectFrom('organisations').selectAll('organisations');
  if (!filter.alsoUnverified) query = query.where('verified_at', 'is not', null);
  if (filter.kind !== null) query = query.where(sql<boolean>`kinds @> ${[filter.kind]}::text[]`);
  for (const word of filter.words) {
    query = query.where('name', 'ilike', `%${word.replace(/[\\%_]/g, (special) => `\\${special}`)}%`);
  }
  return keysetPage(query, {
    ...page,
    orderBy: [
      { column: 'organisations.name', direction: 'asc' },
      { column: 'organisations.id', direction: 'asc' },
    ],
  });
}

/** The organisation, locked against every other change of it and of its members until the transaction ends. */
export function lockOrganisation(
  trx: Transaction<Database>,
  id: string,
): Promise<OrganisationRow | undefined> {
  return trx.selectFrom('organisations').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export function findOrganisationByKey(
  db: Kysely<Database>,
  founderId: string,
  key: string,
): Promise<OrganisationRow | undefined> {
  return db
    .selectFrom('organisations')
    .selectAll()
    .where('founder_id', '=', founderId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** Undefined when the founder's key is taken. */
export function insertOrganisation(
  trx: Transaction<Database>,
  organisation: Insertable<OrganisationsTable>,
): Promise<OrganisationRow | undefined> {
  return trx
    .insertInto('organisations')
    .values(organisation)
    .onConflict((conflict) => conflict.constraint('organisations_founder_key').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateOrganisation(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<OrganisationsTable>,
): Promise<OrganisationRow> {
  return trx
    .updateTable('organisations')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
