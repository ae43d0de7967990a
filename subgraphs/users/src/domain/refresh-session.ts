import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockRefreshToken, markRefreshTokenUsed, revokeDeviceOf } from '../db/devices.ts';
import { findStaffRoles } from '../db/people.ts';
import { hashSecret } from './access-tokens.ts';
import { issueRefreshToken, sessionOf, type Session } from './session.ts';

const inputShape = z.object({ refreshToken: z.string().min(1).max(200) });

/**
 * Trades a refresh token for a new pair. A token that comes a second time was copied: its device is signed out, whoever
 * holds it, which is committed before the caller is told.
 */
export async function refreshSession({ db, accessTokens }: Services, input: unknown): Promise<Session> {
  const { refreshToken } = parseInput(inputShape, input);
  const tokenHash = hashSecret(refreshToken);
  const now = new Date();

  const session = await inTransaction(db, async (trx) => {
    const token = await lockRefreshToken(trx, tokenHash);
    if (token === undefined || token.revoked_at !== null || token.expires_at <= now) throw signInAgain();
    if (token.used_at !== null) {
      await revokeDeviceOf(trx, token.person_id, token.device_id, now);
      return null;
    }
    await markRefreshTokenUsed(trx, tokenHash, token.device_id, now);
    const successor = await issueRefreshToken(trx, token.device_id, now);
    const roles = await findStaffRoles(trx, token.person_id);
    return sessionOf(accessTokens, {
      personId: token.person_id,
      deviceId: token.device_id,
      roles,
      refreshToken: successor,
      now,
    });
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

function signInAgain() {
  return refuse(
    'CODE_EXPIRED',
    { en: 'This session has ended. Sign in again.', zh: '会话已结束，请重新登录。' },
    ['input', 'refreshToken'],
  );
}
