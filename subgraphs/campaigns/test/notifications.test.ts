import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { expect, test } from 'vitest';
import { sweep } from '../src/domain/sweep.ts';
import { totalsOf } from './gifts.ts';
import { startOrders } from './orders.ts';
import { liveCampaign } from './support.ts';

const campaigns = await sharedByTests(startOrders());
const { order, pay, stateOf, until, notify } = campaigns;

test('a notification that comes three times counts once', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await pay(ordered.orderId, { notification: { copies: 3 } });
  await until(ordered.id, 'COUNTED');
  await fetch(`${campaigns.world.sandboxUrl}/payments/orders/${ordered.orderId}/notify`, { method: 'POST' });
  const last = await order(id);
  await pay(last.orderId);
  await until(last.id, 'COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '2' });
});

test('notifications may overtake each other', async () => {
  const { id } = await liveCampaign(campaigns);
  const [one, two] = [await order(id), await order(id)];
  await pay(one.orderId, { notification: { swap: true } });
  await pay(two.orderId);
  await until(one.id, 'COUNTED');
  await until(two.id, 'COUNTED');
});

test('a notification that never comes is made up for by asking', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await pay(ordered.orderId, { notification: { drop: true } });
  expect(await stateOf(ordered.id)).toBe('AWAITING_CONFIRMATION');
  await sweep(campaigns.app.services);
  expect(await stateOf(ordered.id)).toBe('COUNTED');
});

test.each([
  ['a negative amount', { paymentId: 'pay_negative', amount: { minor: '-1', currency: 'CNY' } }],
  ['a number that cannot be stored', { paymentId: 'pay_\0', amount: { minor: '1', currency: 'CNY' } }],
  ['a number without end', { paymentId: 'p'.repeat(200), amount: { minor: '1', currency: 'CNY' } }],
])('what the provider signed and nobody can read (%s) is kept and acknowledged', async (_what, over) => {
  const paid = { orderId: 'ord_z', merchantOrder: 'don_z', ...over };
  expect((await notify(paid)).status).toBe(200);
  const kept = await campaigns.app.database.db.selectFrom('kept_notifications').select('body').execute();
  const bodies = kept.map(({ body }) => JSON.parse(body) as { data: unknown });
  expect(bodies.map(({ data }) => data)).toContainEqual(paid);
});

test('what the provider has not signed is not believed', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  const amount = { minor: '1000', currency: 'CNY' };
  const paid = { orderId: ordered.orderId, merchantOrder: ordered.id, paymentId: 'pay_forged', amount };
  expect((await notify(paid, 'another-secret-altogether')).status).toBe(400);
  const unsigned = await fetch(`${campaigns.url}/payments/notifications`, { method: 'POST', body: '{}' });
  expect(unsigned.status).toBe(400);
  expect(await stateOf(ordered.id)).toBe('AWAITING_CONFIRMATION');
});

test('a notification of a kind that is not known is acknowledged and kept', async () => {
  expect((await notify({ anything: true }, undefined, 'merchant.happy')).status).toBe(200);
  const kept = await campaigns.app.database.db.selectFrom('kept_notifications').select('body').execute();
  expect(kept.some(({ body }) => body.includes('merchant.happy'))).toBe(true);
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
