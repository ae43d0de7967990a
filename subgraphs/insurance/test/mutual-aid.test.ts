import { createLimiter, createRedis } from '@banyan/kit/cache';
import { sharedByTests } from '@banyan/kit/testing';
import { castId } from '@banyan/seed';
import { expect, onTestFinished, test } from 'vitest';
import { join, joined, leave, membershipsOf, prepaidPlan, sharedPlan, topUp, yuan } from './aid.ts';
import { codes, dayMs, newPerson, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

async function memberCount(planId: string): Promise<number> {
  const { data } = await insurance.ask<{ mutualAidPlan: { memberCount: string } }>(
    'query ($id: ID!) { mutualAidPlan(id: $id) { memberCount } }',
    { id: planId },
  );
  return Number(data.mutualAidPlan.memberCount);
}

test('anybody sees the plans and their conditions', async () => {
  const { data } = await insurance.ask<{ mutualAidPlans: object[] }>(
    '{ mutualAidPlans { id name funding state waitingDays shareCap { minor currency } conditions memberCount } }',
  );
  expect(data.mutualAidPlans).toHaveLength(3);
  expect(data.mutualAidPlans[0]).toMatchObject({
    id: castId('plan', 1),
    funding: 'PREPAID',
    state: 'OPEN',
    waitingDays: 180,
    shareCap: { minor: '300', currency: 'CNY' },
    memberCount: '230',
  });
  const none = await insurance.ask(
    '{ a: mutualAidPlan(id: "pln_x") { id } b: mutualAidPlan(id: "\\u0000") { id } }',
  );
  expect(none).toEqual({ data: { a: null, b: null } });
});

test('a plan that shares afterwards is joined at once, and covers after the waiting days', async () => {
  const person = newPerson();
  const before = await memberCount(sharedPlan);
  const request = { planId: sharedPlan, amount: null };
  const answers = await Promise.all(Array.from({ length: 5 }, () => join(insurance, person, request)));
  expect(new Set(answers.map(({ membership }) => membership?.id)).size).toBe(1);
  expect(answers[0]?.membership).toMatchObject({ state: 'WAITING', balance: yuan(0), checkout: null });
  expect(await memberCount(sharedPlan)).toBe(before + 1);
  const events = await insurance.db
    .selectFrom('outbox')
    .select('payload')
    .where('subject', '=', answers[0]?.membership?.id ?? '')
    .execute();
  expect(events).toEqual([{ payload: { userId: person.id, planId: sharedPlan } }]);

  insurance.clock.aheadMs += 8 * dayMs;
  expect(await membershipsOf(insurance, person)).toMatchObject([{ state: 'COVERED' }]);
});

test('a prepaid plan is joined when the first amount has come, counted from then', async () => {
  const person = newPerson();
  const before = await memberCount(prepaidPlan);
  const { membership } = await join(insurance, person);
  expect(membership).toMatchObject({ state: 'AWAITING_PAYMENT', balance: yuan(0) });
  expect(await memberCount(prepaidPlan)).toBe(before);
  await insurance.payAndTell(membership?.checkout?.url ?? '', { notification: { copies: 2 } });
  const [paid] = await membershipsOf(insurance, person);
  expect(paid).toMatchObject({
    state: 'WAITING',
    balance: yuan(3_000),
    checkout: null,
    plan: { memberCount: String(before + 1) },
  });
  const waits = Date.parse(paid?.coveredFrom ?? '') - (Date.now() + insurance.clock.aheadMs);
  expect(Math.abs(waits - 180 * dayMs)).toBeLessThan(60_000);
});

test('one person is in a plan once at a time; a key used for something else is refused', async () => {
  const person = newPerson();
  await joined(insurance, person);
  expect(codes(await join(insurance, person, { idempotencyKey: 'join-2' }))).toEqual(['ALREADY_DECIDED']);
  expect(codes(await join(insurance, person, { amount: yuan(4_000) }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  const racer = newPerson();
  const race = await Promise.all(
    ['a', 'b', 'c'].map((key) =>
      join(insurance, racer, { planId: sharedPlan, amount: null, idempotencyKey: key }),
    ),
  );
  expect(race.flatMap(codes)).toEqual(['ALREADY_DECIDED', 'ALREADY_DECIDED']);
});

test.each([
  [{ planId: 'pln_nonsense' }, 'INVALID_INPUT', ['input', 'planId']],
  [{ planId: castId('campaign', 1) }, 'INVALID_INPUT', ['input', 'planId']],
  [{ planId: castId('plan', 9) }, 'NOT_FOUND', ['input', 'planId']],
  [{ healthDeclared: false }, 'NOT_ELIGIBLE', ['input', 'healthDeclared']],
  [{ amount: null }, 'INVALID_INPUT', ['input', 'amount']],
  [{ planId: sharedPlan }, 'INVALID_INPUT', ['input', 'amount']],
  [{ amount: yuan(-3_000) }, 'INVALID_INPUT', ['input', 'amount', 'minor']],
  [{ amount: yuan(0) }, 'INVALID_INPUT', ['input', 'amount', 'minor']],
  [{ amount: yuan(999) }, 'INVALID_INPUT', ['input', 'amount', 'minor']],
  [{ amount: yuan(1_000_001) }, 'INVALID_INPUT', ['input', 'amount', 'minor']],
  [
    { amount: { minor: '9223372036854775807', currency: 'CNY' } },
    'INVALID_INPUT',
    ['input', 'amount', 'minor'],
  ],
  [{ amount: yuan(3_000, 'USD') }, 'INVALID_INPUT', ['input', 'amount', 'currency']],
  [{ idempotencyKey: 'tab\t' }, 'INVALID_INPUT', ['input', 'idempotencyKey']],
])('what cannot be joined is refused by name: %j', async (input, code, field) => {
  const answer = await join(insurance, newPerson(), input);
  expect(answer).toMatchObject({ membership: null, userErrors: [{ code, field }] });
});

test.each(['1.5', 'ten', '99999999999999999999'])('%s is no amount', async (minor) => {
  const query =
    'mutation ($input: JoinMutualAidInput!) { joinMutualAid(input: $input) { userErrors { code } } }';
  const input = {
    planId: prepaidPlan,
    healthDeclared: true,
    amount: { minor, currency: 'CNY' },
    idempotencyKey: 'k',
  };
  const answer = await insurance.ask(query, { input }, newPerson());
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('a top-up grows the balance when it has come, once; its key shows its own checkout', async () => {
  const person = newPerson();
  const { id } = await joined(insurance, person);
  const first = await topUp(insurance, person, id);
  const second = await topUp(insurance, person, id, { amount: yuan(5_000), idempotencyKey: 'top-up-2' });
  const again = await topUp(insurance, person, id);
  expect(again.membership?.checkout).toEqual(first.membership?.checkout);
  expect(second.membership?.checkout).not.toEqual(first.membership?.checkout);
  expect(codes(await topUp(insurance, person, id, { amount: yuan(2_001) }))).toEqual([
    'IDEMPOTENCY_KEY_REUSED',
  ]);

  await insurance.payAndTell(first.membership?.checkout?.url ?? '');
  expect(await membershipsOf(insurance, person)).toMatchObject([{ balance: yuan(5_000) }]);
  await insurance.payAndTell(second.membership?.checkout?.url ?? '', { minor: '4999' });
  expect(await membershipsOf(insurance, person)).toMatchObject([{ state: 'WAITING', balance: yuan(5_000) }]);
});

test('who leaves gets the balance back, once, and money that comes later too', async () => {
  const person = newPerson();
  const { id } = await joined(insurance, person);
  const paid = await topUp(insurance, person, id);
  await insurance.payAndTell(paid.membership?.checkout?.url ?? '');
  const late = await topUp(insurance, person, id, { idempotencyKey: 'late' });
  const before = await memberCount(prepaidPlan);
  const left = await Promise.all([1, 2, 3].map(() => leave(insurance, person, id)));
  for (const { membership } of left)
    expect(membership).toMatchObject({ state: 'EXITED', balance: yuan(0), checkout: null });
  expect(await memberCount(prepaidPlan)).toBe(before - 1);
  await insurance.payAndTell(late.membership?.checkout?.url ?? '');
  await insurance.sweep();

  const refunds = await insurance.db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select(['refunds.minor', 'refunds.state'])
    .where('membership_id', '=', id)
    .orderBy('refunds.minor')
    .execute();
  expect(refunds).toEqual([
    { minor: 2_000n, state: 'REFUNDED' },
    { minor: 2_000n, state: 'REFUNDED' },
    { minor: 3_000n, state: 'REFUNDED' },
  ]);
  // And may come back, by another key.
  expect((await join(insurance, person, { idempotencyKey: 'join-2' })).membership?.state).toBe(
    'AWAITING_PAYMENT',
  );
});

test('a first amount that never comes ends the attempt, and the person may try again', async () => {
  const person = newPerson();
  await join(insurance, person);
  insurance.clock.aheadMs += 2 * dayMs;
  await insurance.sweep();
  expect(await membershipsOf(insurance, person)).toMatchObject([{ state: 'EXITED' }]);
  expect((await join(insurance, person, { idempotencyKey: 'join-2' })).membership?.state).toBe(
    'AWAITING_PAYMENT',
  );
});

test('nobody tops up or leaves for somebody else', async () => {
  const person = newPerson();
  const { id } = await joined(insurance, person);
  expect(codes(await topUp(insurance, newPerson(), id))).toEqual(['NOT_FOUND']);
  expect(codes(await leave(insurance, newPerson(), id))).toEqual(['NOT_FOUND']);
  expect(await membershipsOf(insurance, person)).toMatchObject([{ state: 'WAITING' }]);
});

test('who joins or tops up too often is told when to come back, and still gets what was asked before', async () => {
  const redis = createRedis({ url: undefined, log: insurance.app.log });
  const aid = createLimiter({ redis, prefix: 'a:', maxAttempts: 1, windowSeconds: 60 });
  const strict = await startInsurance({ limits: { ...insurance.app.services.limits, aid } });
  onTestFinished(() => strict.stop());
  const person = newPerson();
  const answers = [];
  for (const idempotencyKey of ['join-1', 'join-2', 'join-1'])
    answers.push(await join(strict, person, { planId: sharedPlan, amount: null, idempotencyKey }));
  expect(answers.map(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
    [],
    ['RATE_LIMITED'],
    [],
  ]);
  const { membership } = await join(strict, newPerson());
  expect(membership?.state).toBe('AWAITING_PAYMENT');
});
