import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { recordAudit } from '../db/audit-entries.ts';
import { findApiKey, revokeKey, type ApiKeyRow } from '../db/api-keys.ts';
import { findPartnerApps } from '../db/partner-apps.ts';
import { noSuch, requireManageable } from './app-permission.ts';

const inputShape = z.object({ keyId: typeId('apk') });

/**
 * Ends a key for good; the edge hears of it within half a minute. For who may manage it, and for site reliability
 * engineers, who may have found it where it does not belong: that goes to the log.
 */
export async function revokeApiKey(
  { db, now }: Services,
  caller: Caller,
  input: unknown,
): Promise<{ key: ApiKeyRow }> {
  const { keyId } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const found = await findApiKey(trx, keyId);
    if (found === undefined) throw noSuch('keyId');
    const [app] = await findPartnerApps(trx, [found.app_id]);
    if (caller.subject !== null && caller.roles.has('SRE')) {
      const actor = { actor_id: caller.subject, action: 'REVOKE_API_KEY' };
      await recordAudit(trx, { ...actor, subject: found.id, reason: null });
    } else await requireManageable(trx, caller, app, 'keyId');
    return { key: await revokeKey(trx, found.id, now()) };
  });
}
