import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { askQuote, bind, boundPolicy, factsOf, openQuote, policyQuery, readPolicy } from './policies.ts';
import { codes, dayMs, newPerson, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

function activations(policyId: string) {
  return insurance.db
    .selectFrom('outbox')
    .select('payload')
    .where('type', '=', 'policy.activated')
    .where('subject', '=', policyId)
    .execute();
}

test('a policy waits for its premium and is in force when the provider has told', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  expect(policy).toMatchObject({
    state: 'PENDING_PAYMENT',
    number: expect.stringMatching(/^BY\d{4}/) as string,
    policyHolder: { reference: person.id, ageBand: 'A70_80', regionCode: 'CN-SC' },
  });
  await insurance.payAndTell(policy.checkoutUrl);
  const active = await readPolicy(insurance, person, policy.id);
  expect(active).toMatchObject({ state: 'ACTIVE', checkout: null });
  // A year from the next midnight in Shanghai.
  expect(active.startsAt).toMatch(/T16:00:00.000Z$/);
  expect(Date.parse(active.endsAt) - Date.parse(active.startsAt)).toBeGreaterThanOrEqual(365 * dayMs);
  expect(Date.parse(active.coolingOffUntil) - Date.parse(active.startsAt)).toBe(15 * dayMs);
  expect(await activations(policy.id)).toEqual([
    { payload: { userId: person.id, policyId: policy.id, productCode: 'SOUTHWIND-ACCIDENT' } },
  ]);
  const byNumber = await insurance.ask(policyQuery, { number: policy.number }, person);
  expect(byNumber.data).toMatchObject({ policy: { id: policy.id } });
});

test('the same key and input bind once, also when they come at the same time', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  const answers = await Promise.all(Array.from({ length: 6 }, () => bind(insurance, person, quote)));
  expect(new Set(answers.map(({ policy }) => policy?.id)).size).toBe(1);
  const checkouts = new Set(answers.flatMap(({ policy }) => policy?.checkout?.url ?? []));
  expect(checkouts.size).toBe(1);
  const other = await bind(insurance, person, quote, { acceptedDocumentSha256: [] });
  expect(codes(other)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  expect(codes(await bind(insurance, person, quote, { idempotencyKey: 'bind-2' }))).toEqual([
    'ALREADY_DECIDED',
  ]);
});

test('exactly the product’s documents must be accepted', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  const [first = '', second = ''] = quote.product.documents.map(({ sha256 }) => sha256);
  const elsewhere = 'f'.repeat(64);
  for (const accepted of [[], [first], [first, second, elsewhere], [first, elsewhere], ['x\u0000']]) {
    const answer = await bind(insurance, person, quote, { acceptedDocumentSha256: accepted });
    expect(answer).toMatchObject({
      policy: null,
      userErrors: [{ code: 'DOCUMENTS_NOT_ACCEPTED', field: ['input', 'acceptedDocumentSha256'] }],
    });
  }
  const shuffled = [second.toUpperCase(), first, first];
  const bound = await bind(insurance, person, quote, { acceptedDocumentSha256: shuffled });
  expect(bound.policy?.state).toBe('PENDING_PAYMENT');
});

test('a declined quote and another person’s quote are not bound', async () => {
  const person = newPerson();
  const declined = await askQuote(insurance, person, { birthYear: 1920 });
  expect(declined.quote?.state).toBe('DECLINED');
  if (declined.quote) expect(codes(await bind(insurance, person, declined.quote))).toEqual(['NOT_ELIGIBLE']);
  const theirs = await openQuote(insurance, newPerson());
  expect(codes(await bind(insurance, person, theirs))).toEqual(['NOT_FOUND']);
});

test('told twice, and told again a day later, it was paid once', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl, { notification: { copies: 3 } });
  const all = await insurance.mailbox.untilTold(insurance.mailbox.told.length);
  const last = all.at(-1);
  if (last === undefined) throw new Error('nothing was told');
  expect(await insurance.deliver(last)).toBe(204);
  expect(await Promise.all([insurance.deliver(last), insurance.deliver(last)])).toEqual([204, 204]);
  expect(await factsOf(insurance, policy.id)).toEqual(['INTENT 32340', 'PAID 32340']);
  expect(await activations(policy.id)).toHaveLength(1);
});

test('a notification that was changed, or signed by another, is refused and changes nothing', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  const before = insurance.mailbox.told.length;
  await insurance.pay(policy.checkoutUrl);
  const told = (await insurance.mailbox.untilTold(before + 1))[before];
  if (told === undefined) throw new Error('nothing was told');
  const forged = Buffer.from(told.body.toString().replace('"32340"', '"99999"'));
  expect(await insurance.deliver({ headers: told.headers, body: forged })).toBe(400);
  const unsigned = { 'content-type': 'application/json' };
  expect(await insurance.deliver({ headers: unsigned, body: told.body })).toBe(400);
  expect(await insurance.deliver({ headers: told.headers, body: Buffer.alloc(0) })).toBe(400);
  expect(await factsOf(insurance, policy.id)).toEqual(['INTENT 32340']);
  expect(await insurance.deliver(told)).toBe(204);
});

test('a payment that nobody told of is found by asking', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.pay(policy.checkoutUrl, { notification: { drop: true } });
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('PENDING_PAYMENT');
  insurance.clock.aheadMs += 120_000;
  await insurance.sweep();
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('ACTIVE');
});

test('no answer of the provider is no failure: the same key, or the sweep, gets the same order', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  await insurance.fault({ kind: 'fail', operation: 'order', count: 1 });
  const first = await bind(insurance, person, quote);
  expect(first.policy).toMatchObject({ state: 'PENDING_PAYMENT', checkout: null });
  const again = await bind(insurance, person, quote);
  expect(again.policy?.id).toBe(first.policy?.id);
  expect(again.policy?.checkout?.url).toMatch(/^http/);

  const another = newPerson();
  await insurance.fault({ kind: 'timeout_after_effect', operation: 'order', count: 1 });
  const lost = await bind(insurance, another, await openQuote(insurance, another));
  insurance.clock.aheadMs += 120_000;
  await insurance.sweep();
  const found = await readPolicy(insurance, another, lost.policy?.id ?? '');
  expect(found.checkout?.url).toMatch(/^http/);
});

test('another amount never activates: it is kept, and goes back when the provider confirms it', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl, { minor: '32339' });
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('LAPSED');
  const suspense = () =>
    insurance.db
      .selectFrom('suspense')
      .innerJoin('payments', 'payments.id', 'suspense.payment_id')
      .select(['suspense.state', 'suspense.reason', 'suspense.minor'])
      .where('payments.policy_id', '=', policy.id)
      .execute();
  expect(await suspense()).toEqual([{ state: 'OPEN', reason: 'WRONG_AMOUNT', minor: 32_339n }]);
  await insurance.sweep();
  expect(await suspense()).toMatchObject([{ state: 'RETURNED' }]);
  await insurance.sweep();
  expect(await factsOf(insurance, policy.id)).toEqual([
    'INTENT 32340',
    'PAID 32339',
    'REFUND_REQUESTED 32339',
    'REFUNDED 32339',
  ]);
});

test('a policy that nobody pays lapses, and money that comes later goes back', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  insurance.clock.aheadMs += 2 * dayMs;
  await insurance.sweep();
  expect(await readPolicy(insurance, person, policy.id)).toMatchObject({ state: 'LAPSED', checkout: null });
  await insurance.payAndTell(policy.checkoutUrl, { afterExpiry: true });
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('LAPSED');
  await insurance.sweep();
  expect((await factsOf(insurance, policy.id)).at(-1)).toBe('REFUNDED 32340');
});

test('a policy expires by the clock', async () => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  await insurance.payAndTell(policy.checkoutUrl);
  insurance.clock.aheadMs += 367 * dayMs;
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('EXPIRED');
  const list =
    'query ($state: PolicyState) { _entities(representations: [{ __typename: "Viewer", id: "' +
    person.id +
    '" }]) { ... on Viewer { policies(state: $state) { nodes { state } } } } }';
  const nodesIn = async (state: string | null) => (await insurance.ask(list, { state }, person)).data;
  expect(await nodesIn('ACTIVE')).toEqual({ _entities: [{ policies: { nodes: [] } }] });
  expect(await nodesIn('EXPIRED')).toEqual({ _entities: [{ policies: { nodes: [{ state: 'EXPIRED' }] } }] });
});

test('what has happened to money is never rewritten, and a version of a product never changes', async () => {
  const { db } = insurance;
  const attempts = [
    db.updateTable('payment_facts').set({ minor: 1n }),
    db.deleteFrom('payment_facts'),
    db.updateTable('aid_entries').set({ minor: 1n }),
    db.deleteFrom('aid_entries'),
    db.updateTable('products').set({ age_max: 200 }),
    db.deleteFrom('documents'),
  ];
  for (const attempt of attempts) await expect(attempt.execute()).rejects.toThrow('permission denied');
});
