import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { expect, test } from 'vitest';
import { WriterOverloaded } from '../src/db/group-writer.ts';
import { sweep } from '../src/domain/sweep.ts';
import { createPaymentWays } from '../src/providers/payment-ways.ts';
import { give, totalsOf } from './gifts.ts';
import {
  changeStatus,
  donor,
  key,
  liveCampaign,
  organiser,
  paymentsAtProvider,
  startCampaigns,
} from './support.ts';
import { notifyAsProvider } from './provider.ts';

const campaigns = await sharedByTests(startCampaigns());

const provider = 'sandbox-async';

/** Orders a gift that is paid later; gives the donation and the number of the order at the provider. */
async function order(campaignId: string, over: Record<string, unknown> = {}) {
  const { data, errors } = await give(campaigns, campaignId, { provider, ...over });
  const { donation } = data.donate;
  if (donation?.checkout == null) throw new Error(JSON.stringify([data, errors]));
  return {
    id: donation.id,
    url: donation.checkout.url,
    orderId: donation.checkout.url.split('/').at(-1) ?? '',
  };
}

async function pay(orderId: string, how: Record<string, unknown> = {}): Promise<void> {
  const response = await fetch(`${campaigns.world.sandboxUrl}/payments/orders/${orderId}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(how),
  });
  if (!response.ok) throw new Error(await response.text());
}

async function stateOf(id: string): Promise<string | undefined> {
  const { data } = await campaigns.ask<{ donation: { state: string } | null }>(
    'query ($id: ID!) { donation(id: $id) { state } }',
    { id },
    donor,
  );
  return data.donation?.state;
}

/** The notification is on its way when the payer is told: looks until it has arrived. */
async function until(id: string, state: string): Promise<void> {
  await expect.poll(() => stateOf(id), { timeout: 10_000, interval: 20 }).toBe(state);
}

const notify = (data: Record<string, unknown>, secret?: string, type?: string) =>
  notifyAsProvider(campaigns.url, data, { ...(secret && { secret }), ...(type && { type }) });

const suspended = (reason: string) =>
  campaigns.app.database.db
    .selectFrom('payment_facts')
    .selectAll()
    .where('kind', '=', 'SUSPENDED')
    .where('reason', '=', reason)
    .execute();

test('an order is paid at the checkout and counted when the provider tells', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  expect(await stateOf(ordered.id)).toBe('AWAITING_CONFIRMATION');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
  await pay(ordered.orderId);
  await until(ordered.id, 'COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1', raised: { minor: '1000' } });
});

test('the same key leads to the same checkout', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const first = await order(id, { idempotencyKey });
  expect(await order(id, { idempotencyKey })).toEqual(first);
});

const paymentsFor = async (donationIds: readonly (string | undefined)[]) =>
  (await paymentsAtProvider(campaigns.world)).filter(({ merchantKey }) => donationIds.includes(merchantKey));
const intentsOf = (campaignId: string) =>
  campaigns.app.database.db
    .selectFrom('intents')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .orderBy('created_at')
    .execute();

test('an order whose answer was lost is the same order for the same key', async () => {
  const { id } = await liveCampaign(campaigns);
  const impatient = await campaigns.world.start({}, { CAPTURE_TIMEOUT_MS: 200 });
  await campaigns.world.fault({ operation: 'order', kind: 'timeout_after_effect' });
  const idempotencyKey = key();
  const lost = await give(impatient, id, { provider, idempotencyKey });
  expect(lost.errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  const ordered = await order(id, { idempotencyKey });
  await pay(ordered.orderId);
  await until(ordered.id, 'COUNTED');
  expect(await intentsOf(id)).toEqual([{ id: ordered.id }]);
  expect(await paymentsFor([ordered.id])).toHaveLength(1);
  // The provider tells the process that has ordered first.
  await impatient.stop();
});

test('a full queue in front of the checkouts, when the order is placed: unknown, and the same key finds the order', async () => {
  const { id } = await liveCampaign(campaigns);
  const full = await campaigns.world.start({
    checkouts: { write: () => Promise.reject(new WriterOverloaded(1_500)), drain: () => Promise.resolve() },
  });
  const idempotencyKey = key();
  const { errors } = await give(full, id, { provider, idempotencyKey });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  const ordered = await order(id, { idempotencyKey });
  expect(await intentsOf(id)).toEqual([{ id: ordered.id }]);
  await full.stop();
});

test('a client that gives up and orders with a new key does not pay twice: what it never saw expires', async () => {
  const { id } = await liveCampaign(campaigns);
  const { provider: bank } = campaigns.app.services.ways.orders;
  // The order is at the provider, and the answer is lost on the way.
  const createOrder: typeof bank.createOrder = async (request) => {
    await bank.createOrder({ ...request, expiresAt: new Date(Date.now() + 1) });
    return { outcome: 'unknown', reason: 'connection' };
  };
  const ways = { ...createPaymentWays({ ...bank, createOrder }), close: () => Promise.resolve() };
  const losing = await campaigns.world.start({ ways });
  const lost = await give(losing, id, { provider });
  expect(lost.errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  await losing.stop();
  const [first] = await intentsOf(id);
  const ordered = await order(id);
  await pay(ordered.orderId);
  await until(ordered.id, 'COUNTED');
  // The sweep asks the provider under the key that stands in the intent.
  await sweep(campaigns.app.services);
  expect(await stateOf(first?.id ?? '')).toBe('FAILED');
  expect(await paymentsFor([first?.id, ordered.id])).toMatchObject([{ merchantKey: ordered.id }]);
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1', raised: { minor: '1000' } });
});

test('a payer who was never told, and looks before ordering anew, learns that the gift is paid', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const ordered = await order(id, { idempotencyKey });
  await pay(ordered.orderId, { notification: { drop: true } });
  await sweep(campaigns.app.services);
  const { data } = await campaigns.ask(
    'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { id state } }',
    { c: id, k: idempotencyKey },
    donor,
  );
  expect(data).toEqual({ donationByKey: { id: ordered.id, state: 'COUNTED' } });
});

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

test('an order that nobody paid stays open, and is looked at again', async () => {
  const { id } = await liveCampaign(campaigns);
  const ordered = await order(id);
  await sweep(campaigns.app.services);
  expect(await stateOf(ordered.id)).toBe('AWAITING_CONFIRMATION');
  await pay(ordered.orderId);
  await until(ordered.id, 'COUNTED');
});

test('a gift that has been asked about for days holds back no other', async () => {
  const { id } = await liveCampaign(campaigns);
  const forgotten = await order(id);
  await sweep(campaigns.app.services);
  await campaigns.app.database.db
    .updateTable('unsettled')
    .set({ looks: 2_000, next_look_at: new Date(0) })
    .where('donation_id', '=', forgotten.id)
    .execute();
  const ordered = await order(id);
  await pay(ordered.orderId, { notification: { drop: true } });
  await sweep(campaigns.app.services);
  expect(await stateOf(ordered.id)).toBe('COUNTED');
});

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
