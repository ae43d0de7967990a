import { newId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { insertDevice, insertRefreshToken } from '../db/devices.ts';
import { hashSecret, newSecret, refreshTokenLifeMs, type AccessTokens } from './access-tokens.ts';

/** What a person gets who signed in. */
export interface Session {
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
  viewer: { id: string };
}

export async function openDevice(
  trx: Transaction<Database>,
  personId: string,
  name: string,
): Promise<string> {
  const device = { id: newId('dev'), person_id: personId, name };
  await insertDevice(trx, device);
  return device.id;
}

/** The next refresh token of a device's chain; only its hash is kept. */
export async function issueRefreshToken(
  trx: Transaction<Database>,
  { deviceId, parentHash, now }: { deviceId: string; parentHash: string | null; now: Date },
): Promise<string> {
  const refreshToken = newSecret();
  await insertRefreshToken(trx, {
    token_hash: hashSecret(refreshToken),
    device_id: deviceId,
    expires_at: new Date(now.getTime() + refreshTokenLifeMs),
    parent_hash: parentHash,
  });
  return refreshToken;
}

export async function sessionOf(
  accessTokens: AccessTokens,
  grant: { personId: string; deviceId: string; roles: readonly string[]; refreshToken: string; now: Date },
): Promise<Session> {
  const { token, expiresAt } = await accessTokens.sign(grant);
  return { accessToken: token, refreshToken: grant.refreshToken, expiresAt, viewer: { id: grant.personId } };
}
