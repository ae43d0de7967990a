import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { endApiKey, findApiKey, findApiKeyByKey, type ApiKeyRow } from '../db/api-keys.ts';
import { lockPartnerApp } from '../db/partner-apps.ts';
import { noSuch, requireManageable } from './app-permission.ts';
import { assertWithin, makeKey, sameRequest, type MadeKey } from './create-api-key.ts';

const hourInMs = 60 * 60 * 1_000;
const maxOverlapHours = 7 * 24;

const inputShape = z.object({
  keyId: typeId('apk'),
  overlapHours: z
    .int()
    .min(0, 'Not before now. | 不能早于现在。')
    .max(maxOverlapHours, `At most ${maxOverlapHours} hours. | 最多 ${maxOverlapHours} 小时。`),
  idempotencyKey,
});

/**
 * Makes a successor with the scopes and the lifetime of a live key, which itself ends after the overlap: until then both
 * are good, and whoever uses it can go over without a failed request.
 */
export async function rotateApiKey({ db, now }: Services, caller: Caller, input: unknown): Promise<MadeKey> {
  const { keyId, overlapHours, idempotencyKey: key } = parseInput(inputShape, input);
  const fingerprint = inputFingerprint({ keyId, overlapHours });
  const at = now();
  return inTransaction(db, async (trx) => {
    const appId = (await findApiKey(trx, keyId))?.app_id;
    if (appId === undefined) throw noSuch('keyId');
    const app = await requireManageable(trx, caller, await lockPartnerApp(trx, appId), 'keyId');
    const known = await findApiKeyByKey(trx, app.id, key);
    if (known !== undefined) return sameRequest(known, fingerprint);
    // Read again: another rotation may have ended it while this one waited for the lock.
    const old = await findApiKey(trx, keyId);
    if (old === undefined || old.revoked_at !== null || old.expires_at <= at) throw notLive();
    assertWithin(old.scopes, app, caller, 'keyId');
    const made = await makeKey(trx, app, {
      scopes: old.scopes,
      expiresAt: new Date(at.getTime() + lifeMsOf(old)),
      key,
      fingerprint,
      at,
    });
    await endApiKey(trx, old.id, new Date(at.getTime() + overlapHours * hourInMs));
    return made;
  });
}

function lifeMsOf(key: ApiKeyRow): number {
  return key.expires_at.getTime() - key.created_at.getTime();
}

function notLive() {
  return refuse(
    'NOT_FOUND',
    { en: 'This key has ended. Make a new one.', zh: '该密钥已失效，请创建新的密钥。' },
    ['input', 'keyId'],
  );
}
