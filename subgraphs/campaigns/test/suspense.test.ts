import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { expect, test } from 'vitest';
import { sweep } from '../src/domain/sweep.ts';
import { totalsOf } from './gifts.ts';
import { startOrders } from './orders.ts';
import { changeStatus, key, liveCampaign, organiser } from './support.ts';

const campaigns = await sharedByTests(startOrders());
const { order, pay, stateOf, until, notify, suspended } = campaigns;

test('money that arrives after the close is kept in suspense and not counted', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await campaigns.ask(changeStatus, { input: { campaignId: id, action: 'END' } }, organiser);
  await pay(ordered.orderId);
  await until(ordered.id, 'SUSPENSE');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0', raised: { minor: '0' } });
  expect(await suspended('BOOK_CLOSED')).toMatchObject([{ donation_id: ordered.id, amount: 1000n }]);
});

test('a payment in suspense stays there when the campaign goes on and the provider tells once more', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  const change = (action: string) =>
    campaigns.ask(changeStatus, { input: { campaignId: id, action } }, organiser);
  await change('PAUSE');
  await pay(ordered.orderId);
  await until(ordered.id, 'SUSPENSE');
  await change('RESUME');
  const [fact] = await campaigns.app.database.db
    .selectFrom('payment_facts')
    .select('provider_ref')
    .where('donation_id', '=', ordered.id)
    .execute();
  const amount = { minor: '1000', currency: 'CNY' };
  const paymentId = fact?.provider_ref;
  const again = { orderId: ordered.orderId, merchantOrder: ordered.id, paymentId, amount };
  expect((await notify(again)).status).toBe(200);
  await sweep(campaigns.app.services);
  expect(await stateOf(ordered.id)).toBe('SUSPENSE');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0', raised: { minor: '0' } });
});

test('another amount than was asked is kept in suspense', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await pay(ordered.orderId, { minor: '999' });
  await until(ordered.id, 'SUSPENSE');
  expect(await suspended('AMOUNT_MISMATCH')).toMatchObject([{ donation_id: ordered.id, amount: 999n }]);
});

test('a second payment of one order is kept in suspense, once; the gift stays counted', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await pay(ordered.orderId);
  await until(ordered.id, 'COUNTED');
  const amount = { minor: '1000', currency: 'CNY' };
  const second = { orderId: ordered.orderId, merchantOrder: ordered.id, paymentId: 'pay_second', amount };
  expect((await notify(second)).status).toBe(200);
  expect((await notify(second)).status).toBe(200);
  expect(await stateOf(ordered.id)).toBe('COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
  expect(await suspended('PAID_TWICE')).toMatchObject([
    { donation_id: ordered.id, provider_ref: 'pay_second' },
  ]);
});

test('money for an order that nobody knows is kept, whatever campaign it names', async () => {
  const { id } = await liveCampaign(campaigns);
  const amount = { minor: '700', currency: 'CNY' };
  const paid = { orderId: 'ord_x', merchantOrder: 'don_unknown', paymentId: 'pay_x', amount, campaignId: id };
  expect((await notify(paid)).status).toBe(200);
  expect(await suspended('UNKNOWN_ORDER')).toMatchObject([
    { campaign_id: 'none', donation_id: null, amount: 700n },
  ]);
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
});

test.each([
  ['nothing', { minor: '0', currency: 'CNY' }],
  ['more than any book holds', { minor: '1000000000000', currency: 'CNY' }],
  ['more than a bank has', { minor: '999999999999999999', currency: 'CNY' }],
  ['money of no country', { minor: '1000', currency: 'yen' }],
])('a payment of %s is kept in suspense with the reason, once, and acknowledged', async (_what, amount) => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  const paymentId = `pay_${key()}`;
  const paid = { orderId: ordered.orderId, merchantOrder: ordered.id, paymentId, amount };
  expect((await notify(paid)).status).toBe(200);
  expect((await notify(paid)).status).toBe(200);
  const kept = (await suspended('NOT_BOOKABLE')).filter((fact) => fact.provider_ref === paymentId);
  expect(kept).toMatchObject([{ donation_id: ordered.id, amount: BigInt(amount.minor) }]);
  expect(await stateOf(ordered.id)).toBe('SUSPENSE');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
});

test('such a payment for an order that nobody knows is kept as well', async () => {
  const paid = { orderId: 'ord_y', merchantOrder: 'don_unknown', paymentId: 'pay_y' };
  expect((await notify({ ...paid, amount: { minor: '0', currency: 'CNY' } })).status).toBe(200);
  const kept = (await suspended('NOT_BOOKABLE')).filter((fact) => fact.provider_ref === 'pay_y');
  expect(kept).toMatchObject([{ campaign_id: 'none', donation_id: null, amount: 0n }]);
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
