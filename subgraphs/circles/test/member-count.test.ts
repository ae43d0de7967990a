import { sharedByTests } from '@banyan/kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newPerson, startCircles } from './support.ts';

const circles = await sharedByTests(startCircles());

async function countedAndThere(circleId: string): Promise<{ counted: bigint; there: bigint }> {
  const { db } = circles.app.database;
  const { member_count: counted } = await db
    .selectFrom('circles')
    .select('member_count')
    .where('id', '=', circleId)
    .executeTakeFirstOrThrow();
  const { there } = await db
    .selectFrom('memberships')
    .select((select) => select.fn.countAll<bigint>().as('there'))
    .where('circle_id', '=', circleId)
    .where('state', 'in', ['ACTIVE', 'MUTED'])
    .executeTakeFirstOrThrow();
  return { counted, there };
}

async function joinedMinusLeft(circleId: string): Promise<bigint> {
  const rows = await circles.app.database.db
    .selectFrom('outbox')
    .select('type')
    .where('subject', '=', circleId)
    .where('type', 'in', ['circle.joined', 'circle.left'])
    .execute();
  return rows.reduce((sum, { type }) => sum + (type === 'circle.joined' ? 1n : -1n), 0n);
}

const move = fc.record({
  person: fc.nat({ max: 5 }),
  what: fc.constantFrom('join', 'join', 'leave', 'MUTED', 'BANNED', 'LEFT'),
});

test('however many come, go, are silenced and banned at once, the count is what a recount gives', async () => {
  const people = Array.from({ length: 6 }, newPerson);
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 24 }), async (moves) => {
      const owner = newPerson();
      const circleId = await circles.found(owner);
      await Promise.all(
        moves.map(({ person, what }) => {
          const who = people[person] ?? owner;
          if (what === 'join') return circles.act('joinCircle', { circleId }, who);
          if (what === 'leave') return circles.act('leaveCircle', { circleId }, who);
          const decision = { circleId, userId: who.id, state: what, reason: '试验' };
          return circles.act('setMember', decision, owner);
        }),
      );
      const { counted, there } = await countedAndThere(circleId);
      expect(counted).toBe(there);
      expect(await joinedMinusLeft(circleId)).toBe(there);
    }),
    // Shrinking races tells nothing and takes long.
    { numRuns: 25, endOnFailure: true },
  );
});

test('fifty who join at once are fifty, and fifty who leave at once leave the owner', async () => {
  const circleId = await circles.found(newPerson());
  const people = Array.from({ length: 50 }, newPerson);
  await Promise.all(people.map((who) => circles.act('joinCircle', { circleId }, who)));
  expect(await countedAndThere(circleId)).toEqual({ counted: 51n, there: 51n });
  await Promise.all(people.map((who) => circles.act('leaveCircle', { circleId }, who)));
  expect(await countedAndThere(circleId)).toEqual({ counted: 1n, there: 1n });
});
