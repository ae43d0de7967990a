import type { ColumnType, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { AppScope } from '../domain/words.ts';
import type { Database } from './database.ts';

/** An app that an organisation lets ask in its name. */
export interface PartnerAppsTable {
  id: string;
  organisation_id: string;
  name: string;
  /** The most that its keys may do. */
  scopes: readonly AppScope[];
  /** Of a trial app, whose keys touch neither money nor people. */
  sandbox: boolean;
  creator_id: string;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type PartnerAppRow = Selectable<PartnerAppsTable>;

export function findPartnerApps(db: Kysely<Database>, ids: readonly string[]): Promise<PartnerAppRow[]> {
  return db.selectFrom('partner_apps').selectAll().where('id', 'in', ids).execute();
}

/** Apps of organisations, the newest first. An organisation has few; see maxApps. */
export function findPartnerAppsOf(
  db: Kysely<Database>,
  organisationIds: readonly string[],
): Promise<PartnerAppRow[]> {
  return db
    .selectFrom('partner_apps')
    .selectAll()
    .where('organisation_id', 'in', organisationIds)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
}

/** The app, locked against every other change of it and of its keys until the transaction ends. */
export function lockPartnerApp(trx: Transaction<Database>, id: string): Promise<PartnerAppRow | undefined> {
  return trx.selectFrom('partner_apps').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export function findPartnerAppByKey(
  db: Kysely<Database>,
  organisationId: string,
  key: string,
): Promise<PartnerAppRow | undefined> {
  return db
    .selectFrom('partner_apps')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

export function insertPartnerApp(
  trx: Transaction<Database>,
  app: Insertable<PartnerAppsTable>,
): Promise<PartnerAppRow> {
  return trx.insertInto('partner_apps').values(app).returningAll().executeTakeFirstOrThrow();
}
