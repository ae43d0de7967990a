import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle } from '../db/circles.ts';
import { lockMembership, type MembershipRow } from '../db/memberships.ts';
import { belongs } from './belonging.ts';
import { assertOwnerRemains } from './last-owner.ts';
import { moveMembership } from './move-membership.ts';
import { noSuchCircle } from './refusals.ts';

const inputShape = z.object({ circleId: typeId('cir') });

/** Leaves a circle, or takes an application back. What a team decided (denied, banned) stays as it is. */
export async function leaveCircle(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ membership: MembershipRow }> {
  const { circleId } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const circle = await findCircle(trx, circleId);
    if (circle === undefined) throw noSuchCircle('circleId');
    const before = await lockMembership(trx, circleId, userId);
    if (before === undefined) {
      throw refuse('NOT_FOUND', { en: 'You are not in this circle.', zh: '您不在该圈子中。' }, [
        'input',
        'circleId',
      ]);
    }
    if (!belongs(before) && before.state !== 'APPLIED') return { membership: before };

    if (before.role === 'OWNER') await assertOwnerRemains(trx, circleId, userId, 'circleId');
    const membership = await moveMembership(trx, circle, before, {
      state: 'LEFT',
      reason: null,
      ...(belongs(before) && { returns_muted: before.state === 'MUTED' }),
    });
    return { membership };
  });
}
