import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import {
  isRelatedTokenUsed,
  lockRefreshToken,
  markRefreshTokenUsed,
  revokeDeviceOf,
  type LockedRefreshToken,
} from '../db/devices.ts';
import { findStaffRoles } from '../db/people.ts';
import { hashSecret } from './access-tokens.ts';
import { issueRefreshToken, sessionOf, type Session } from './session.ts';

const inputShape = z.object({ refreshToken: z.string().min(1).max(200) });

/** How long a client whose answer was lost may ask once more with the same token. */
const refreshLeewayMs = 10_000;

/**
 * Trades a refresh token for a new pair. The same token gives another pair within a short leeway, as long as none that
 * came of it was used: its answer may have been lost on the way. In every other case a token that comes twice was
 * copied, and so was one of two that came of one: the device is signed out, whoever holds it, which is committed before
 * the caller is told.
 */
export async function refreshSession({ db, accessTokens, now }: Services, input: unknown): Promise<Session> {
  const { refreshToken } = parseInput(inputShape, input);
  const tokenHash = hashSecret(refreshToken);
  const at = now();

  const session = await inTransaction(db, async (trx) => {
    const token = await lockRefreshToken(trx, tokenHash);
    if (token === undefined || token.revoked_at !== null || token.expires_at <= at) throw signInAgain();
    if (await isCopy(trx, token, at)) {
      await revokeDeviceOf(trx, token.person_id, token.device_id, at);
      return null;
    }
    await markRefreshTokenUsed(trx, token, at);
    const { person_id: personId, device_id: deviceId } = token;
    const successor = await issueRefreshToken(trx, { deviceId, parentHash: tokenHash, now: at });
    const roles = await findStaffRoles(trx, personId);
    return sessionOf(accessTokens, { personId, deviceId, roles, refreshToken: successor, now: at });
  });
  if (session !== null) return session;
  throw refuse(
    'TOKEN_REUSED',
    {
      en: 'This token was used before, so the device was signed out. Sign in again.',
      zh: '该令牌已被使用过，为安全起见设备已退出登录，请重新登录。',
    },
    ['input', 'refreshToken'],
  );
}

/** The device is locked with the token, so that of two tokens of one parent the second sees the first. */
async function isCopy(trx: Transaction<Database>, token: LockedRefreshToken, at: Date): Promise<boolean> {
  if (token.used_at !== null && at.getTime() - token.used_at.getTime() > refreshLeewayMs) return true;
  return isRelatedTokenUsed(trx, token);
}

function signInAgain() {
  return refuse(
    'CODE_EXPIRED',
    { en: 'This session has ended. Sign in again.', zh: '会话已结束，请重新登录。' },
    ['input', 'refreshToken'],
  );
}
