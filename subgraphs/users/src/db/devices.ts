import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** A signed-in device; it holds a chain of refresh tokens. */
export interface DevicesTable {
  id: string;
  person_id: string;
  name: string;
  last_seen_at: ColumnType<Date, Date | undefined, Date>;
  revoked_at: Date | null;
}
export type DeviceRow = Selectable<DevicesTable>;

export interface RefreshTokensTable {
  /** SHA-256 of a random 256-bit token: nothing to guess, so no salt. */
  token_hash: string;
  device_id: string;
  expires_at: Date;
  /** When it was first traded for another. */
  used_at: Date | null;
  /** The token that it was given for; null for the first of a chain. */
  parent_hash: string | null;
}

export function findDevices(db: Kysely<Database>, personIds: readonly string[]): Promise<DeviceRow[]> {
  return db
    .selectFrom('devices')
    .selectAll()
    .where('person_id', 'in', personIds)
    .where('revoked_at', 'is', null)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute();
}

export async function insertDevice(
  trx: Transaction<Database>,
  device: Pick<DeviceRow, 'id' | 'person_id' | 'name'>,
): Promise<void> {
  await trx
    .insertInto('devices')
    .values({ ...device, revoked_at: null })
    .execute();
}

/** Revokes a device of this person; false when there is none. */
export async function revokeDeviceOf(
  db: Kysely<Database>,
  personId: string,
  deviceId: string,
  at: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('devices')
    .set({ revoked_at: at })
    .where('id', '=', deviceId)
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

export async function insertRefreshToken(
  trx: Transaction<Database>,
  token: Pick<Selectable<RefreshTokensTable>, 'token_hash' | 'device_id' | 'expires_at' | 'parent_hash'>,
): Promise<void> {
  await trx
    .insertInto('refresh_tokens')
    .values({ ...token, used_at: null })
    .execute();
}

/** A token with what is known of its device. */
export type LockedRefreshToken = Selectable<RefreshTokensTable> & Pick<DeviceRow, 'person_id' | 'revoked_at'>;

/** The token with its device, both locked, so that two uses of one chain see each other. */
export function lockRefreshToken(
  trx: Transaction<Database>,
  tokenHash: string,
): Promise<LockedRefreshToken | undefined> {
  return trx
    .selectFrom('refresh_tokens')
    .innerJoin('devices', 'devices.id', 'refresh_tokens.device_id')
    .selectAll('refresh_tokens')
    .select(['devices.person_id', 'devices.revoked_at'])
    .where('token_hash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst();
}

/** Whether a token that came of this one was used, or another one that came of the same. */
export async function isRelatedTokenUsed(
  trx: Transaction<Database>,
  token: Pick<LockedRefreshToken, 'token_hash' | 'parent_hash'>,
): Promise<boolean> {
  const used = await trx
    .selectFrom('refresh_tokens')
    .select('token_hash')
    .where('used_at', 'is not', null)
    .where('token_hash', '<>', token.token_hash)
    .where((where) =>
      where.or([
        where('parent_hash', '=', token.token_hash),
        ...(token.parent_hash === null ? [] : [where('parent_hash', '=', token.parent_hash)]),
      ]),
    )
    .executeTakeFirst();
  return used !== undefined;
}

/** Notes the first use; the leeway counts from there, so that nobody prolongs it by asking again. */
export async function markRefreshTokenUsed(
  trx: Transaction<Database>,
  token: Pick<LockedRefreshToken, 'token_hash' | 'device_id' | 'used_at'>,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('refresh_tokens')
    .set({ used_at: token.used_at ?? at })
    .where('token_hash', '=', token.token_hash)
    .execute();
  await trx.updateTable('devices').set({ last_seen_at: at }).where('id', '=', token.device_id).execute();
}
