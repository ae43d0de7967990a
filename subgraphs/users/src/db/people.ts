import type { RealNameLevel, StaffRole, TrustBand } from '@banyan/vocabulary';
import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Database } from './database.ts';

export interface PeopleTable {
  id: string;
  /** Keyed hash of the phone number: finds a person without holding the number in the clear. */
  phone_fingerprint: string;
  phone_encrypted: Buffer;
  phone_masked: string;
  display_name: string;
  social_title: string | null;
  avatar_url: string | null;
  birth_year: number | null;
  region_code: string | null;
  language: string;
  real_name_level: Generated<RealNameLevel>;
  trust_band: Generated<TrustBand>;
  joined_at: ColumnType<Date, Date | undefined, never>;
}
export type PersonRow = Selectable<PeopleTable>;

export interface StaffRolesTable {
  person_id: string;
  role: StaffRole;
}

export function findPeople(db: Kysely<Database>, ids: readonly string[]): Promise<PersonRow[]> {
  return db.selectFrom('people').selectAll().where('id', 'in', ids).execute();
}

/** Those of the ids that people here have. */
export async function findKnownIds(db: Kysely<Database>, ids: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('people').select('id').where('id', 'in', ids).execute();
  return rows.map((row) => row.id);
}

export function findPersonByPhone(db: Kysely<Database>, fingerprint: string): Promise<PersonRow | undefined> {
  return db.selectFrom('people').selectAll().where('phone_fingerprint', '=', fingerprint).executeTakeFirst();
}

/** Inserts a person, or gives the one who has that phone already: two first sign-ins at once make one person. */
export async function upsertPerson(
  db: Kysely<Database>,
  person: Insertable<PeopleTable>,
): Promise<PersonRow> {
  const inserted = await db
    .insertInto('people')
    .values(person)
    .onConflict((conflict) => conflict.column('phone_fingerprint').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted !== undefined) return inserted;
  return db
    .selectFrom('people')
    .selectAll()
    .where('phone_fingerprint', '=', person.phone_fingerprint)
    .executeTakeFirstOrThrow();
}

export function updatePerson(
  db: Kysely<Database>,
  id: string,
  change: Updateable<PeopleTable>,
): Promise<PersonRow> {
  return db.updateTable('people').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

/** Holds whatever else would change about a person until the transaction ends. */
export async function lockPerson(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.selectFrom('people').select('id').where('id', '=', id).forNoKeyUpdate().execute();
}

/** Bands of trust, held until the transaction ends; in one order, so that two who reckon never wait for each other in a ring. */
export function lockTrustBands(
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Pick<PersonRow, 'id' | 'trust_band'>[]> {
  return trx
    .selectFrom('people')
    .select(['id', 'trust_band'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

export async function setTrustBand(
  trx: Transaction<Database>,
  ids: readonly string[],
  band: TrustBand,
): Promise<void> {
  await trx.updateTable('people').set({ trust_band: band }).where('id', 'in', ids).execute();
}

export function findStaffRolesOf(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<StaffRolesTable[]> {
  return db
    .selectFrom('staff_roles')
    .selectAll()
    .where('person_id', 'in', personIds)
    .orderBy('person_id')
    .orderBy('role')
    .execute();
}

export async function findStaffRoles(db: Kysely<Database>, personId: string): Promise<StaffRole[]> {
  const rows = await findStaffRolesOf(db, [personId]);
  return rows.map((row) => row.role);
}
