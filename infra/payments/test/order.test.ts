import { afterEach, beforeEach, expect, test } from 'vitest';
import { providerKey, ProviderKeyReused, type OrderOutcome } from '../src/payments.ts';
import { inAnHour, startWorld, yuan } from './world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
});

const keyOf = (intent: string) => providerKey('cmp', intent);

async function order(intent: string): Promise<string> {
  const outcome = await world.provider.createOrder({
    key: keyOf(intent),
    amount: yuan(1_000n),
    notifyUrl: world.endpoint.url,
    expiresAt: inAnHour(),
  });
  return orderIdOf(outcome);
}

function orderIdOf(outcome: OrderOutcome): string {
  if (outcome.outcome === 'unknown') throw new Error('the sandbox did not answer');
  return outcome.order.orderId;
}

async function events(count: number) {
  const told = await world.endpoint.untilTold(count);
  return told.map(({ headers, body }) => world.provider.verifyNotification(headers, body));
}

test('an order is open until it is paid, and the payment is told', async () => {
  const orderId = await order('int_1');
  expect(await world.provider.queryOrder(keyOf('int_1'))).toMatchObject({
    outcome: 'open',
    order: { orderId },
  });
  await world.pay(orderId);
  const [event] = await events(1);
  expect(event).toMatchObject({
    type: 'order.paid',
    key: keyOf('int_1'),
    orderId,
    payment: { amount: yuan(1_000n) },
  });
  const status = await world.provider.queryOrder(keyOf('int_1'));
  expect(status).toMatchObject({
    outcome: 'paid',
    payment: event?.type === 'order.paid' ? event.payment : null,
  });
});

test('the same key is one order; with another amount it is a bug', async () => {
  const first = await order('int_1');
  expect(await order('int_1')).toBe(first);
  const request = {
    key: keyOf('int_1'),
    amount: yuan(999n),
    notifyUrl: world.endpoint.url,
    expiresAt: inAnHour(),
  };
  await expect(world.provider.createOrder(request)).rejects.toThrow(ProviderKeyReused);
});

test('a notification that comes twice bears the same event id', async () => {
  await world.fault({ kind: 'duplicate' });
  await world.pay(await order('int_1'));
  const [first, second] = await events(2);
  expect(second?.eventId).toBe(first?.eventId);
});

test('notifications overtake each other', async () => {
  await world.fault({ kind: 'reorder' });
  await world.pay(await order('int_1'));
  await world.pay(await order('int_2'));
  expect((await events(2)).map((event) => 'key' in event && event.key)).toEqual([
    keyOf('int_2'),
    keyOf('int_1'),
  ]);
});

test('a late notification is still believed: each attempt is signed anew', async () => {
  await world.fault({ kind: 'late', delayMs: 60 });
  await world.pay(await order('int_1'));
  expect(await events(1)).toMatchObject([{ type: 'order.paid' }]);
});

test('of a notification that never comes, asking tells', async () => {
  await world.fault({ kind: 'drop' });
  await world.pay(await order('int_1'));
  expect(await world.provider.queryOrder(keyOf('int_1'))).toMatchObject({ outcome: 'paid' });
  expect(world.endpoint.told).toHaveLength(0);
});

test('a payment of another amount shows what was really paid', async () => {
  await world.pay(await order('int_1'), { minor: '900' });
  expect(await events(1)).toMatchObject([{ payment: { amount: yuan(900n) } }]);
});

test('an order that nobody knows is absent, one past its time expired', async () => {
  expect(await world.provider.queryOrder(keyOf('int_9'))).toEqual({ outcome: 'absent' });
  await world.provider.createOrder({
    key: keyOf('int_1'),
    amount: yuan(1_000n),
    notifyUrl: world.endpoint.url,
    expiresAt: new Date(Date.now() - 1_000),
  });
  expect(await world.provider.queryOrder(keyOf('int_1'))).toMatchObject({ outcome: 'expired' });
});

test('a refund is paid in parts, each told and each once', async () => {
  await world.pay(await order('int_1'));
  const [event] = await events(1);
  if (event?.type !== 'order.paid') throw new Error('no payment');
  const { paymentId } = event.payment;
  const part = { key: keyOf('ref_1'), paymentId, amount: yuan(400n), reason: 'donor asked' };
  const refunded = await world.provider.refund(part);
  expect(refunded).toMatchObject({ outcome: 'refunded', refund: { amount: yuan(400n), paymentId } });
  expect(await world.provider.refund(part)).toEqual(refunded);
  expect(await world.provider.queryRefund(part.key)).toEqual(refunded);
  expect((await events(2))[1]).toMatchObject({
    type: 'refund.paid',
    key: part.key,
    refund: { amount: yuan(400n) },
  });
});

test('more than is left is not refunded, and that is final', async () => {
  await world.pay(await order('int_1'), { notification: { drop: true } });
  const status = await world.provider.queryOrder(keyOf('int_1'));
  if (status.outcome !== 'paid') throw new Error('not paid');
  const { paymentId } = status.payment;
  const request = { key: keyOf('ref_1'), paymentId, amount: yuan(1_001n), reason: 'too much' };
  expect(await world.provider.refund(request)).toEqual({
    outcome: 'refused',
    reason: 'REFUND_EXCEEDS_PAYMENT',
  });
  expect(await world.provider.queryRefund(request.key)).toEqual({ outcome: 'absent' });
});
