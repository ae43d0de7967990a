import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { expect, test } from 'vitest';
import { WriterOverloaded } from '../src/db/group-writer.ts';
import { sweep } from '../src/domain/sweep.ts';
import { createPaymentWays } from '../src/providers/payment-ways.ts';
import { give, totalsOf } from './gifts.ts';
import { provider, startOrders } from './orders.ts';
import { donor, key, liveCampaign, paymentsAtProvider } from './support.ts';

const campaigns = await sharedByTests(startOrders());
const { order, pay, stateOf, until } = campaigns;

const paymentsFor = async (donationIds: readonly (string | undefined)[]) =>
  (await paymentsAtProvider(campaigns.world)).filter(({ merchantKey }) => donationIds.includes(merchantKey));
const intentsOf = (campaignId: string) =>
  campaigns.app.database.db
    .selectFrom('intents')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .orderBy('created_at')
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

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
