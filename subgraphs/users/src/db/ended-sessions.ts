import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Rows that one statement takes away, so that nobody waits long for it. */
const maxRows = 1_000;

/** Takes codes away that expired before `at`. @returns how many. */
export async function deleteExpiredCodes(db: Kysely<Database>, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from sign_in_codes where phone_fingerprint in (
      select phone_fingerprint from sign_in_codes where expires_at < ${at}
      limit ${maxRows} for update skip locked)`.execute(db);
  return Number(numAffectedRows);
}

/** Takes refresh tokens away that expired before `at`. @returns how many. */
export async function deleteRefreshTokens(db: Kysely<Database>, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from refresh_tokens where token_hash in (
      select token_hash from refresh_tokens where expires_at < ${at}
      limit ${maxRows} for update skip locked)`.execute(db);
  return Number(numAffectedRows);
}

/** Takes devices away that were last seen before `at` and have no refresh token left. @returns how many. */
export async function deleteForgottenDevices(db: Kysely<Database>, at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from devices where id in (
      select id from devices where last_seen_at < ${at}
        and not exists (select from refresh_tokens where device_id = devices.id)
      limit ${maxRows} for update skip locked)`.execute(db);
  return Number(numAffectedRows);
}
