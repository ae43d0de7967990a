import type { ColumnType, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { AppScope } from '../domain/words.ts';
import type { Database } from './database.ts';

/** A key of a partner's app. */
export interface ApiKeysTable {
  id: string;
  app_id: string;
  /** Its first characters, by which its owner knows it again. */
  prefix: string;
  /** SHA-256 of a random 256-bit secret: nothing to guess, so no salt. */
  secret_hash: string;
  scopes: readonly AppScope[];
  expires_at: Date;
  /** To the minute. */
  last_used_at: Date | null;
  revoked_at: Date | null;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type ApiKeyRow = Selectable<ApiKeysTable>;

/** Keys of an app that are shown: the live ones, and those that ended last. */
const maxKeysShown = 20;
/** How exactly the last use is noted, so that a busy key does not make a write of every look. */
const lastUseSeconds = 60;

/** The keys of apps, the newest first. */
export async function findKeysOf(db: Kysely<Database>, appIds: readonly string[]): Promise<ApiKeyRow[]> {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('api_keys')
        .selectAll()
        .select((select) =>
          select.fn
            .agg<bigint>('row_number')
            .over((over) => over.partitionBy('app_id').orderBy('created_at', 'desc').orderBy('id'))
            .as('place'),
        )
        .where('app_id', 'in', appIds)
        .as('placed'),
    )
    .selectAll()
    .where('place', '<=', BigInt(maxKeysShown))
    .orderBy('place')
    .execute();
}

export async function findApiKey(db: Kysely<Database>, id: string): Promise<ApiKeyRow | undefined> {
  return db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findApiKeyByKey(
  db: Kysely<Database>,
  appId: string,
  key: string,
): Promise<ApiKeyRow | undefined> {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .where('app_id', '=', appId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

export async function countLiveKeys(trx: Transaction<Database>, appId: string, at: Date): Promise<bigint> {
  const { keys } = await trx
    .selectFrom('api_keys')
    .select((select) => select.fn.countAll<bigint>().as('keys'))
    .where('app_id', '=', appId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirstOrThrow();
  return keys;
}

export function insertApiKey(trx: Transaction<Database>, key: Insertable<ApiKeysTable>): Promise<ApiKeyRow> {
  return trx.insertInto('api_keys').values(key).returningAll().executeTakeFirstOrThrow();
}

/** Lets a key end at `at`, unless it ends before. */
export async function endApiKey(trx: Transaction<Database>, id: string, at: Date): Promise<void> {
  await trx
    .updateTable('api_keys')
    .set({ expires_at: at })
    .where('id', '=', id)
    .where('expires_at', '>', at)
    .execute();
}

/** The key, revoked since `at` or since before. */
export function revokeKey(trx: Transaction<Database>, id: string, at: Date): Promise<ApiKeyRow> {
  return trx
    .updateTable('api_keys')
    .set((update) => ({ revoked_at: update.fn.coalesce('revoked_at', update.val(at)) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A key by the hash of its secret, with its app and whether the organisation behind it is verified. */
export type ApiKeyInUse = Pick<ApiKeyRow, 'id' | 'scopes' | 'expires_at' | 'revoked_at' | 'last_used_at'> & {
  app_id: string;
  organisation_id: string;
  sandbox: boolean;
  verified_at: Date | null;
};

export function findKeyInUse(db: Kysely<Database>, secretHash: string): Promise<ApiKeyInUse | undefined> {
  return db
    .selectFrom('api_keys')
    .innerJoin('partner_apps', 'partner_apps.id', 'api_keys.app_id')
    .innerJoin('organisations', 'organisations.id', 'partner_apps.organisation_id')
    .select(['api_keys.id', 'api_keys.app_id', 'api_keys.scopes', 'api_keys.expires_at'])
    .select(['api_keys.revoked_at', 'api_keys.last_used_at'])
    .select(['partner_apps.organisation_id', 'partner_apps.sandbox', 'organisations.verified_at'])
    .where('api_keys.secret_hash', '=', secretHash)
    .executeTakeFirst();
}

export async function noteKeyUse(db: Kysely<Database>, key: ApiKeyInUse, at: Date): Promise<void> {
  const noted = key.last_used_at?.getTime() ?? 0;
  if (at.getTime() - noted < lastUseSeconds * 1_000) return;
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', key.id).execute();
}
