import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { deleteBacking, insertBacking } from '../db/backings.ts';
import type { CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { readCampaignStatus } from '../db/known-campaigns.ts';
import { circleActedFor } from './acting-for.ts';

const inputShape = z.object({
  circleId: typeId('cir'),
  campaignId: typeId('cmp'),
  backing: z.boolean(),
});

/** Puts a circle behind a campaign that takes gifts, or withdraws it. What is so already stays so, without an event. */
export async function backCampaign(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { circleId, campaignId, backing } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const circle = await circleActedFor(trx, circleId, { userId, role: 'OPERATOR', field: 'circleId' });
    if (backing) await assertLive(trx, campaignId);
    const row = { circle_id: circleId, campaign_id: campaignId };
    const changed = await (backing ? insertBacking(trx, row) : deleteBacking(trx, row));
    if (changed) {
      await appendEvents(trx, [
        { type: 'circle.backing_set', subject: circleId, payload: { circleId, campaignId, backing } },
      ]);
    }
    return { circle };
  });
}

async function assertLive(trx: Transaction<Database>, campaignId: string): Promise<void> {
  const status = await readCampaignStatus(trx, campaignId);
  if (status === 'LIVE') return;
  throw refuse(
    'NOT_FOUND',
    { en: 'There is no such campaign that takes gifts now.', zh: '没有正在募捐中的该项目。' },
    ['input', 'campaignId'],
  );
}
