import { sharedByTests } from '@banyan/kit/testing';
import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { boundPolicy, readPolicy } from './policies.ts';
import { newPerson, secret, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

/** Brings what the provider has signed, whatever it says; gives the status. */
function tell(data: object, type = 'order.paid'): Promise<number> {
  const at = new Date(Date.now() + insurance.clock.aheadMs);
  const body = Buffer.from(
    JSON.stringify({ eventId: randomUUID(), type, occurredAt: at.toISOString(), data }),
  );
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('base64url');
  const headers = {
    'content-type': 'application/json',
    'banyan-payment-timestamp': timestamp,
    'banyan-payment-signature': `v1=${signature}`,
  };
  return insurance.deliver({ headers, body });
}

const kept = async () => {
  const rows = await insurance.db.selectFrom('kept_notifications').select('body').execute();
  return rows.map(({ body }) => (JSON.parse(body) as { data: unknown }).data);
};

const amount = { minor: '32340', currency: 'CNY' };
const order = { orderId: 'ord_x', merchantOrder: 'ins_x' };

test.each([
  ['a negative amount', { ...order, paymentId: 'pay_negative', amount: { minor: '-1', currency: 'CNY' } }],
  [
    'a currency that cannot be stored',
    { ...order, paymentId: 'p1', amount: { minor: '1', currency: 'C\0Y' } },
  ],
  ['a payment’s number that cannot be stored', { ...order, paymentId: 'pay_\0', amount }],
  ['a payment’s number without end', { ...order, paymentId: 'p'.repeat(5_000), amount }],
  [
    'an order’s number that cannot be stored',
    { orderId: 'o', merchantOrder: 'ins_\0', paymentId: 'p2', amount },
  ],
])('what the provider signed and nobody can read (%s) is kept and acknowledged', async (_what, data) => {
  expect(await tell(data)).toBe(204);
  expect(await tell(data)).toBe(204);
  expect(await kept()).toContainEqual(data);
});

test('so is a refund whose number cannot be stored', async () => {
  const data = { refundId: 'ref_\0', merchantKey: 'ins_x', paymentId: 'p3', amount };
  expect(await tell(data, 'refund.paid')).toBe(204);
  expect(await kept()).toContainEqual(data);
});

test('a notification of a kind that is not known is acknowledged', async () => {
  expect(await tell({ anything: true }, 'merchant.happy')).toBe(204);
});

test.each([
  ['nothing', '0'],
  ['more than a bank has', '999999999999999999'],
])('a payment of %s is acknowledged, and waits for a person', async (_what, minor) => {
  const person = newPerson();
  const policy = await boundPolicy(insurance, person);
  const payment = await insurance.db
    .selectFrom('payments')
    .select(['id', 'provider_key'])
    .where('policy_id', '=', policy.id)
    .executeTakeFirstOrThrow();
  const paymentId = `pay_${randomUUID()}`;
  const odd = {
    orderId: 'o',
    merchantOrder: payment.provider_key,
    paymentId,
    amount: { minor, currency: 'CNY' },
  };
  expect(await tell(odd)).toBe(204);
  expect(await tell(odd)).toBe(204);
  // The provider's own book says the same, as far as it can be asked.
  await insurance.sweep();
  const suspense = insurance.db
    .selectFrom('suspense')
    .select(['reason', 'state', 'minor'])
    .where('payment_id', '=', payment.id);
  expect(await suspense.execute()).toMatchObject([{ reason: 'WRONG_AMOUNT', minor: BigInt(minor) }]);
  expect((await suspense.executeTakeFirst())?.state).toBe(minor === '0' ? 'HELD' : 'OPEN');
  expect((await readPolicy(insurance, person, policy.id)).state).toBe('LAPSED');
});
