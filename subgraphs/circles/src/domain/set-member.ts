import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle, type CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { findMembership, lockMembership, type MembershipRow } from '../db/memberships.ts';
import { logModeration } from '../db/moderation-log.ts';
import { circleActedFor } from './acting-for.ts';
import { belongs, rankOf } from './belonging.ts';
import { assertOwnerRemains } from './last-owner.ts';
import { moveMembership } from './move-membership.ts';
import { notYours } from './refusals.ts';
import { circleRoles, membershipStates, type CircleRole, type MembershipState } from './words.ts';

const inputShape = z
  .object({
    circleId: typeId('cir'),
    userId: typeId('usr'),
    role: z.enum(circleRoles).nullish(),
    state: z.enum(membershipStates).nullish(),
    reason: writtenText(500),
  })
  .refine(({ role, state }) => role != null || state != null, {
    message: 'Give a role or a state. | 请指定角色或状态。',
  });

/** From which state a team may put somebody into which. A ban that is lifted lets a person join again. */
const allowedMoves: Readonly<Record<MembershipState, readonly MembershipState[]>> = {
  ACTIVE: ['ACTIVE', 'MUTED', 'BANNED', 'LEFT'],
  MUTED: ['MUTED', 'ACTIVE', 'BANNED', 'LEFT'],
  BANNED: ['BANNED', 'LEFT'],
  LEFT: ['BANNED'],
  DENIED: ['BANNED'],
  APPLIED: ['BANNED'],
};

/** Gives a member another role, or mutes, bans, lifts either; each with a reason, in the moderation log. */
export async function setMember(
  { db }: Services,
  actorId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { circleId, userId, role, state, reason } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const acting = { userId: actorId, role: 'MODERATOR', field: 'circleId' } as const;
    const circle = await circleActedFor(trx, circleId, acting);
    const target = await lockMembership(trx, circleId, userId);
    if (target === undefined) throw notAMember();
    const actor = await findMembership(trx, circleId, actorId);
    assertMayChange(actor?.role ?? 'MEMBER', target, role ?? null);
    const move = { role: role ?? target.role, state: state ?? target.state };
    assertPossible(target, move);
    await keepAnOwner(trx, target, move);

    // Whom the team itself puts into a state brings no silence along from before.
    await moveMembership(trx, circle, target, { ...move, reason, returns_muted: false });
    await logModeration(trx, {
      circle_id: circleId,
      by_user_id: actorId,
      action: [role != null && `ROLE_${role}`, state != null && `STATE_${state}`].filter(Boolean).join(' '),
      subject: userId,
      reason,
    });
    return { circle: (await findCircle(trx, circleId)) ?? circle };
  });
}

/** One acts on those below oneself; owners on owners too. Roles are given by operators, up to below their own. */
function assertMayChange(actor: CircleRole, target: MembershipRow, role: CircleRole | null): void {
  const above = (other: CircleRole) => actor === 'OWNER' || rankOf(actor) > rankOf(other);
  if (!above(target.role)) throw notYours('userId');
  if (role === null) return;
  if (rankOf(actor) < rankOf('OPERATOR') || !above(role)) throw notYours('role');
}

function assertPossible(target: MembershipRow, move: { role: CircleRole; state: MembershipState }): void {
  if (!allowedMoves[target.state].includes(move.state)) {
    throw refuse(
      'INVALID_INPUT',
      {
        en: `From ${target.state} nobody is put into ${move.state}.`,
        zh: `不能将成员由 ${target.state} 设为 ${move.state}。`,
      },
      ['input', 'state'],
    );
  }
  if (move.role !== 'MEMBER' && move.role !== target.role && !belongs({ state: move.state }))
    throw notAMember();
}

async function keepAnOwner(
  trx: Transaction<Database>,
  target: MembershipRow,
  move: { role: CircleRole; state: MembershipState },
): Promise<void> {
  const wasOwner = target.role === 'OWNER' && target.state === 'ACTIVE';
  const staysOwner = move.role === 'OWNER' && move.state === 'ACTIVE';
  if (wasOwner && !staysOwner) await assertOwnerRemains(trx, target.circle_id, target.user_id, 'userId');
}

function notAMember() {
  return refuse('NOT_FOUND', { en: 'This person is not in the circle.', zh: '此人不在该圈子中。' }, [
    'input',
    'userId',
  ]);
}
