import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle, type CircleRow } from '../db/circles.ts';
import { findKnownPerson } from '../db/known-people.ts';
import { ensureMembership, lockMembership, type MembershipRow } from '../db/memberships.ts';
import { belongs } from './belonging.ts';
import { moveMembership } from './move-membership.ts';
import { noSuchCircle } from './refusals.ts';
import { assertMeets } from './requirements.ts';

const maxAnswers = 5;
const inputShape = z.object({
  circleId: typeId('cir'),
  answers: z
    .array(writtenText(500))
    .max(maxAnswers, `At most ${maxAnswers} answers. | 最多 ${maxAnswers} 个回答。`)
    .nullish(),
});

/** Joins an open circle, or applies to one that decides. Who is in, or has applied, stays so. */
export async function joinCircle(
  { db, limits }: Services,
  userId: string,
  input: unknown,
): Promise<{ membership: MembershipRow }> {
  const { circleId, answers } = parseInput(inputShape, input);
  const { allowed } = await limits.joins.attempt(userId);
  if (!allowed) throw tooManyJoins();
  return inTransaction(db, async (trx) => {
    const circle = await findCircle(trx, circleId);
    if (circle === undefined) throw noSuchCircle('circleId');
    await ensureMembership(trx, { id: newId('mbr'), circle_id: circleId, user_id: userId });
    const before = await lockMembership(trx, circleId, userId);
    if (before === undefined) throw noSuchCircle('circleId');
    if (belongs(before) || before.state === 'APPLIED') return { membership: before };

    assertDoorOpen(circle, before);
    assertMeets(await findKnownPerson(trx, userId), circle, 'circleId');
    assertAnswered(circle, answers ?? []);
    const entry = before.returns_muted ? 'MUTED' : 'ACTIVE';
    const membership = await moveMembership(trx, circle, before, {
      state: circle.access === 'APPLY' ? 'APPLIED' : entry,
      reason: null,
      answers: answers ?? [],
    });
    return { membership };
  });
}

function assertDoorOpen(circle: CircleRow, before: MembershipRow): void {
  if (before.state === 'BANNED') {
    throw refuse(
      'FORBIDDEN',
      { en: 'You were banned from this circle.', zh: '您已被该圈子移出并禁止加入。' },
      ['input', 'circleId'],
    );
  }
  switch (circle.access) {
    case 'PUBLIC_READ':
    case 'APPLY':
      return;
    case 'INVITE_ONLY':
      throw refuse(
        'NOT_INVITED',
        { en: 'One comes into this circle by invitation.', zh: '该圈子仅限受邀加入。' },
        ['input', 'circleId'],
      );
    case 'CLOSED':
      throw refuse('FORBIDDEN', { en: 'This circle takes no new members.', zh: '该圈子不再接收新成员。' }, [
        'input',
        'circleId',
      ]);
    default:
      circle.access satisfies never;
  }
}

function tooManyJoins() {
  return refuse(
    'RATE_LIMITED',
    { en: 'You are joining very quickly. Take a short break.', zh: '您加入得太快了，请稍后再试。' },
    null,
  );
}

function assertAnswered(circle: CircleRow, answers: readonly string[]): void {
  if (answers.length === circle.join_questions.length) return;
  throw refuse(
    'INVALID_INPUT',
    {
      en: `Answer each of the ${circle.join_questions.length} questions.`,
      zh: `请逐一回答 ${circle.join_questions.length} 个入圈问题。`,
    },
    ['input', 'answers'],
  );
}
