import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import { addToMemberCount, type CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { updateMembership, type MembershipRow } from '../db/memberships.ts';
import { belongs } from './belonging.ts';

export type MembershipMove = Partial<
  Pick<MembershipRow, 'role' | 'state' | 'reason' | 'answers' | 'returns_muted'>
>;

/**
 * The one place where a membership changes: with it, in the same transaction, the circle's count of members and the event
 * of coming or going. `before` must be locked by this transaction.
 */
export async function moveMembership(
  trx: Transaction<Database>,
  circle: Pick<CircleRow, 'id' | 'theme'>,
  before: MembershipRow,
  move: MembershipMove,
): Promise<MembershipRow> {
  const state = move.state ?? before.state;
  const wasIn = belongs(before);
  const isIn = belongs({ state });
  const after = await updateMembership(trx, before.id, {
    ...move,
    // Who comes back begins as a member like any other.
    ...(!isIn && { role: 'MEMBER' }),
    ...((wasIn !== isIn || (!isIn && state !== before.state)) && { since: new Date() }),
  });
  if (wasIn === isIn) return after;

  await addToMemberCount(trx, circle.id, isIn ? 1n : -1n);
  await appendEvents(trx, [
    {
      type: isIn ? 'circle.joined' : 'circle.left',
      subject: circle.id,
      payload: { userId: before.user_id, circleId: circle.id, theme: circle.theme },
    },
  ]);
  return after;
}
