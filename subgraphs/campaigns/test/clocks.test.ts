import { audit } from '@banyan/ledger';
import { newId } from '@banyan/kit/graphql';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sweep } from '../src/domain/sweep.ts';
import { createPaymentWays } from '../src/providers/payment-ways.ts';
import { give, totalsOf } from './gifts.ts';
import {
  changeStatus,
  key,
  liveCampaign,
  organiser,
  startCampaigns,
  submitProject,
  type CampaignsUnderTest,
} from './support.ts';
import { notifyAsProvider } from './provider.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** What no step of this process's clock touches. */
const trueNowMs = () => Math.floor(performance.timeOrigin + performance.now());
/** Steps the clock of the process; the database keeps its own, and timers run on. */
const stepClock = (byMs: number) => vi.setSystemTime(trueNowMs() + byMs);

let campaigns: Awaited<ReturnType<typeof startCampaigns>>;
beforeAll(async () => {
  // Before anything keeps a clock.
  vi.useFakeTimers({ toFake: ['Date'], now: trueNowMs() });
  campaigns = await startCampaigns();
});
afterEach(() => stepClock(0));
afterAll(async () => {
  await campaigns.stop();
  vi.useRealTimers();
});

/** A guest's gift: nobody's assertion, which has a clock of its own. */
const giveAsGuest = (id: string, over: Record<string, unknown> = {}, at: CampaignsUnderTest = campaigns) =>
  give(at, id, over, null);

async function stateOf(campaignId: string, idempotencyKey: string): Promise<string | undefined> {
  const { data } = await campaigns.ask<{ donationByKey: { state: string } | null }>(
    'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { state } }',
    { c: campaignId, k: idempotencyKey },
  );
  return data.donationByKey?.state;
}

/** Leaves an intent of which the provider has never heard, as a crash does. */
async function intentOfACrash(campaignId: string): Promise<string> {
  const idempotencyKey = key();
  const { provider } = campaigns.app.services.ways.usual;
  const capture = () => Promise.reject(new Error('the process was killed'));
  const ways = { ...createPaymentWays({ ...provider, capture }), close: () => Promise.resolve() };
  const dying = await campaigns.world.start({ ways });
  await giveAsGuest(campaignId, { idempotencyKey }, dying);
  await dying.stop();
  return idempotencyKey;
}

const steps: [string, number][] = [
  ['a minute ahead', minuteMs],
  ['an hour ahead', hourMs],
  ['an hour behind', -hourMs],
];

describe.each(steps)('in a process whose clock is %s of the database’s', (_how, byMs) => {
  test('gifts before the close are counted, versions and times only grow, and nothing is counted after it', async () => {
    const { id } = await liveCampaign(campaigns);
    const seen: { version: bigint; asOf: number }[] = [];
    const look = async () => {
      const { data } = await campaigns.ask<{ campaign: { totals: { version: string; asOf: string } } }>(
        'query ($id: ID!) { campaign(id: $id) { totals { version asOf } } }',
        { id },
      );
      const { version, asOf } = data.campaign.totals;
      seen.push({ version: BigInt(version), asOf: Date.parse(asOf) });
    };
    for (const clockMs of [0, byMs, 0]) {
      stepClock(clockMs);
      const { data } = await giveAsGuest(id);
      expect(data.donate.donation?.state).toBe('COUNTED');
      await look();
    }
    stepClock(0);
    await campaigns.ask(changeStatus, { input: { campaignId: id, action: 'END' } }, organiser);
    stepClock(byMs);
    expect((await giveAsGuest(id)).data.donate.userErrors).toMatchObject([{ code: 'NOT_LIVE' }]);
    await look();
    expect(seen.map(({ version }) => version)).toEqual([1n, 2n, 3n, 4n]);
    expect(seen.map(({ asOf }) => asOf)).toEqual(seen.map(({ asOf }) => asOf).toSorted((a, b) => a - b));
    expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '3' });
  });

  test('a campaign ends when the database says that its last day is over, not before', async () => {
    const endsAt = new Date(trueNowMs() + hourMs / 2).toISOString();
    const [going, over] = [
      await liveCampaign(campaigns, { endsAt }),
      await liveCampaign(campaigns, { endsAt }),
    ];
    await campaigns.app.database.db
      .updateTable('campaigns')
      .set({ ends_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', over.id)
      .execute();
    stepClock(byMs);
    await sweep(campaigns.app.services);
    expect((await giveAsGuest(going.id)).data.donate.donation?.state).toBe('COUNTED');
    expect((await giveAsGuest(over.id)).data.donate.userErrors).toMatchObject([{ code: 'NOT_LIVE' }]);
  });

  test('a gift that may be under way is not given up before its time, and is given up after it', async () => {
    const { id } = await liveCampaign(campaigns);
    const idempotencyKey = await intentOfACrash(id);
    const { services, database } = campaigns.app;
    stepClock(byMs);
    await sweep(services);
    expect(await stateOf(id, idempotencyKey)).toBe('INTENT');
    await database.db
      .updateTable('unsettled')
      .set({ next_look_at: sql<Date>`now()` })
      .execute();
    await sweep({ ...services, settings: { ...services.settings, abandonAfterSeconds: 0 } });
    expect(await stateOf(id, idempotencyKey)).toBe('FAILED');
  });

  test('an order is open for half an hour', async () => {
    const { id } = await liveCampaign(campaigns);
    const { provider: bank } = campaigns.app.services.ways.orders;
    const openUntil: number[] = [];
    const createOrder: typeof bank.createOrder = (request) => {
      openUntil.push(request.expiresAt.getTime());
      return bank.createOrder(request);
    };
    const ways = { ...createPaymentWays({ ...bank, createOrder }), close: () => Promise.resolve() };
    const watched = await campaigns.world.start({ ways });
    stepClock(byMs);
    await giveAsGuest(id, { provider: 'sandbox-async' }, watched);
    const leftMs = (openUntil[0] ?? 0) - trueNowMs();
    expect(leftMs).toBeGreaterThan(29 * minuteMs);
    expect(leftMs).toBeLessThanOrEqual(30 * minuteMs);
    stepClock(0);
    await watched.stop();
  });

  test('money that the provider tells of is counted: at once, or when it is asked', async () => {
    const { id } = await liveCampaign(campaigns);
    const idempotencyKey = key();
    const { data } = await giveAsGuest(id, { provider: 'sandbox-async', idempotencyKey });
    const orderId = data.donate.donation?.checkout?.url.split('/').at(-1) ?? '';
    await fetch(`${campaigns.world.sandboxUrl}/payments/orders/${orderId}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notification: { drop: true } }),
    });
    stepClock(byMs);
    const merchantOrder = data.donate.donation?.id;
    const status = await notifyNow({
      orderId,
      merchantOrder,
      paymentId: `pay_${merchantOrder}`,
      amount: { minor: '1000', currency: 'CNY' },
    });
    // The provider signs by the time that it is: five minutes of difference are allowed, no more.
    expect(status).toBe(Math.abs(byMs) < 5 * minuteMs ? 200 : 400);
    await sweep(campaigns.app.services);
    expect(await stateOf(id, idempotencyKey)).toBe('COUNTED');
    expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
  });
});

/** A notification that a provider whose clock is right signs now. */
async function notifyNow(data: Record<string, unknown>): Promise<number> {
  const response = await notifyAsProvider(campaigns.url, data, { nowMs: trueNowMs() });
  return response.status;
}

test('totals of a campaign that has not been live are as old as the campaign, whoever asks when', async () => {
  const details = { title: '钟 Clock', story: '一段很长的故事。', goal: { minor: '1000', currency: 'CNY' } };
  const input = { kind: 'DREAM', details, idempotencyKey: key() };
  const asker = { id: newId('usr') };
  const { data } = await campaigns.ask<{ submitProject: { campaign: { id: string } } }>(
    submitProject,
    { input },
    asker,
  );
  const { id } = data.submitProject.campaign;
  const query = 'query ($id: ID!) { campaign(id: $id) { createdAt totals { version asOf } } }';
  const shown = await campaigns.ask<{ campaign: { createdAt: string } }>(query, { id }, asker);
  const { createdAt } = shown.data.campaign;
  expect(shown.data).toEqual({ campaign: { createdAt, totals: { version: '0', asOf: createdAt } } });
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
