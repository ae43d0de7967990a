import type { ColumnType, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Factor, VerifiedLevel } from '../domain/real-name.ts';
import type { Database } from './database.ts';

/** One question to the registers of identity. */
export interface RealNameChecksTable {
  id: string;
  person_id: string;
  level: VerifiedLevel;
  state: 'PENDING' | 'VERIFIED' | 'FAILED';
  reason: string | null;
  legal_name_encrypted: Buffer;
  id_number_encrypted: Buffer;
  id_number_fingerprint: string;
  /** Only as long as the answer is open. */
  bank_card_encrypted: Buffer | null;
  /** Null before the provider has taken the question. */
  provider_check_id: string | null;
  challenge_url: string | null;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
  decided_at: Date | null;
}
export type RealNameCheckRow = Selectable<RealNameChecksTable>;

/** The verified name of a person. */
export interface RealNamesTable {
  person_id: string;
  level: VerifiedLevel;
  factors: readonly Factor[];
  legal_name_encrypted: Buffer;
  legal_name_masked: string;
  id_number_encrypted: Buffer;
  /** Keyed: finds a second account of the same person without holding the number in the clear. */
  id_number_fingerprint: string;
  verified_at: Date;
}
export type RealNameRow = Selectable<RealNamesTable>;

export function findRealNames(db: Kysely<Database>, personIds: readonly string[]): Promise<RealNameRow[]> {
  return db.selectFrom('real_names').selectAll().where('person_id', 'in', personIds).execute();
}

/** Each person's latest check. */
export function findLatestChecks(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<RealNameCheckRow[]> {
  return db
    .selectFrom('real_name_checks')
    .distinctOn('person_id')
    .selectAll()
    .where('person_id', 'in', personIds)
    .orderBy('person_id')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export function findCheck(db: Kysely<Database>, id: string): Promise<RealNameCheckRow | undefined> {
  return db.selectFrom('real_name_checks').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findCheckByKey(
  db: Kysely<Database>,
  personId: string,
  key: string,
): Promise<RealNameCheckRow | undefined> {
  return db
    .selectFrom('real_name_checks')
    .selectAll()
    .where('person_id', '=', personId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

export function lockCheck(trx: Transaction<Database>, id: string): Promise<RealNameCheckRow | undefined> {
  return trx.selectFrom('real_name_checks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Undefined when the person's key is taken. */
export function insertCheck(
  trx: Transaction<Database>,
  check: Insertable<RealNameChecksTable>,
): Promise<RealNameCheckRow | undefined> {
  return trx
    .insertInto('real_name_checks')
    .values(check)
    .onConflict((conflict) => conflict.constraint('real_name_checks_key').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateCheck(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<RealNameChecksTable>,
): Promise<RealNameCheckRow> {
  return trx
    .updateTable('real_name_checks')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Breaks `real_names_identity` when the identity number is verified for somebody else. */
export async function saveRealName(trx: Transaction<Database>, name: RealNameRow): Promise<void> {
  const { person_id: _person, ...change } = name;
  await trx
    .insertInto('real_names')
    .values(name)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(change))
    .execute();
}
