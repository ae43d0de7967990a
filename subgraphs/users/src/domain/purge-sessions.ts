import type { Services } from '../context.ts';
import { deleteExpiredCodes, deleteForgottenDevices, deleteRefreshTokens } from '../db/ended-sessions.ts';
import { refreshTokenLifeMs } from './access-tokens.ts';

async function untilNone(remove: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await remove();
    if (some === 0) return removed;
    removed += some;
  }
}

/**
 * Takes away what is left of ended sessions: expired sign-in codes at once; refresh tokens when they have been expired for as
 * long as they lived, since until then one that came of the same may be alive, and it is by them that a copy is known;
 * devices when none of their tokens is left.
 * @returns how many rows.
 */
export async function purgeSessions({ db, now }: Pick<Services, 'db' | 'now'>): Promise<number> {
  const at = now();
  const forgotten = new Date(at.getTime() - refreshTokenLifeMs);
  const codes = await untilNone(() => deleteExpiredCodes(db, at));
  const tokens = await untilNone(() => deleteRefreshTokens(db, forgotten));
  const devices = await untilNone(() => deleteForgottenDevices(db, forgotten));
  return codes + tokens + devices;
}
