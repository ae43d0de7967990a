import type { ConsentPurpose } from '@banyan/vocabulary';
import type { ColumnType, GeneratedAlways, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What a person said last about a purpose. */
export interface ConsentsTable {
  person_id: string;
  purpose: ConsentPurpose;
  /** The text that was agreed to, or that was shown when it was withdrawn. */
  text_version: string;
  granted_at: Date | null;
  withdrawn_at: Date | null;
}
export type ConsentRow = Selectable<ConsentsTable>;

/** Every answer that was ever given, for the proof of it. Append-only. */
export interface ConsentChangesTable {
  position: GeneratedAlways<bigint>;
  person_id: string;
  purpose: ConsentPurpose;
  text_version: string;
  granted: boolean;
  changed_at: ColumnType<Date, Date | undefined, never>;
}

export function findConsents(db: Kysely<Database>, personIds: readonly string[]): Promise<ConsentRow[]> {
  return db.selectFrom('consents').selectAll().where('person_id', 'in', personIds).execute();
}

/** The person's last word, locked, so that two answers at once have an order. */
export function lockConsent(
  trx: Transaction<Database>,
  personId: string,
  purpose: ConsentPurpose,
): Promise<ConsentRow | undefined> {
  return trx
    .selectFrom('consents')
    .selectAll()
    .where('person_id', '=', personId)
    .where('purpose', '=', purpose)
    .forUpdate()
    .executeTakeFirst();
}

export async function saveConsent(trx: Transaction<Database>, consent: ConsentRow): Promise<void> {
  const { person_id: _person, purpose: _purpose, ...change } = consent;
  await trx
    .insertInto('consents')
    .values(consent)
    .onConflict((conflict) => conflict.columns(['person_id', 'purpose']).doUpdateSet(change))
    .execute();
}

export async function recordConsentChange(
  trx: Transaction<Database>,
  change: {
    person_id: string;
    purpose: ConsentPurpose;
    text_version: string;
    granted: boolean;
    changed_at: Date;
  },
): Promise<void> {
  await trx.insertInto('consent_changes').values(change).execute();
}
