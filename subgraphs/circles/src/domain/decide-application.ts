import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle, type CircleRow } from '../db/circles.ts';
import { findKnownPerson } from '../db/known-people.ts';
import { lockMembershipById } from '../db/memberships.ts';
import { logModeration } from '../db/moderation-log.ts';
import { circleActedFor } from './acting-for.ts';
import { moveMembership } from './move-membership.ts';
import { assertMeets } from './requirements.ts';

const inputShape = z
  .object({
    applicationId: typeId('mbr'),
    accept: z.boolean(),
    reason: writtenText(500).nullish(),
  })
  .refine(({ accept, reason }) => accept || reason != null, {
    path: ['reason'],
    message: 'Say why the application is denied. | 请说明拒绝的理由。',
  });

/** Takes an applicant in or denies, with the reason that the applicant reads. */
export async function decideApplication(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { applicationId, accept, reason } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const application = await lockMembershipById(trx, applicationId);
    if (application === undefined) throw noSuchApplication();
    const acting = { userId, role: 'OPERATOR', field: 'applicationId' } as const;
    const circle = await circleActedFor(trx, application.circle_id, acting);
    if (application.state !== 'APPLIED') throw noSuchApplication();

    if (accept) assertMeets(await findKnownPerson(trx, application.user_id), circle, 'applicationId');
    const entry = application.returns_muted ? 'MUTED' : 'ACTIVE';
    await moveMembership(trx, circle, application, {
      state: accept ? entry : 'DENIED',
      reason: reason ?? null,
    });
    await logModeration(trx, {
      circle_id: circle.id,
      by_user_id: userId,
      action: accept ? 'ACCEPT' : 'DENY',
      subject: application.user_id,
      reason: reason ?? '',
    });
    return { circle: (await findCircle(trx, circle.id)) ?? circle };
  });
}

function noSuchApplication() {
  return refuse(
    'NOT_FOUND',
    { en: 'There is no such application, or it was decided.', zh: '没有这份申请，或申请已处理。' },
    ['input', 'applicationId'],
  );
}
