import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { boundPolicy, cancel, factsOf, readPolicy } from './policies.ts';
import { codes, dayMs, newPerson, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

test('within the cooling-off the whole premium comes back, once', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl);
  const answers = await Promise.all([1, 2, 3].map(() => cancel(insurance, person, policy.id)));
  for (const answer of answers) expect(answer.policy).toMatchObject({ id: policy.id, state: 'CANCELLED' });
  expect(await factsOf(insurance, policy.id)).toEqual([
    'INTENT 32340',
    'PAID 32340',
    'REFUND_REQUESTED 32340',
    'REFUNDED 32340',
  ]);
  expect(codes(await cancel(insurance, person, policy.id, { reason: 'Another' }))).toEqual([
    'IDEMPOTENCY_KEY_REUSED',
  ]);
  expect(codes(await cancel(insurance, person, policy.id, { idempotencyKey: 'cancel-2' }))).toEqual([
    'ALREADY_DECIDED',
  ]);
});

test('a refund without an answer is asked for again, under the same key', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl);
  await insurance.fault({ kind: 'fail', operation: 'refund', count: 2 });
  expect((await cancel(insurance, person, policy.id)).policy?.state).toBe('CANCELLED');
  expect((await factsOf(insurance, policy.id)).at(-1)).toBe('REFUND_REQUESTED 32340');
  for (let tick = 0; tick < 4; tick += 1) {
    insurance.clock.aheadMs += 3_600_000;
    await insurance.sweep();
  }
  const facts = await factsOf(insurance, policy.id);
  expect(facts.filter((fact) => fact.startsWith('REFUNDED'))).toEqual(['REFUNDED 32340']);
});

test('after the cooling-off a policy is not cancelled, and nothing goes back', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl);
  insurance.clock.aheadMs += 17 * dayMs;
  const answer = await cancel(insurance, person, policy.id);
  expect(codes(answer)).toEqual(['COOLING_OFF_OVER']);
  expect(await factsOf(insurance, policy.id)).toEqual(['INTENT 32340', 'PAID 32340']);
});

test('a policy cancelled before it was paid takes no money: what comes goes back', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  expect((await cancel(insurance, person, policy.id)).policy).toMatchObject({
    state: 'CANCELLED',
    checkout: null,
  });
  await insurance.payAndTell(policy.checkoutUrl);
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('CANCELLED');
  await insurance.sweep();
  expect((await factsOf(insurance, policy.id)).at(-1)).toBe('REFUNDED 32340');
});
