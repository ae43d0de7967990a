import { sharedByTests } from '@banyan/kit/testing';
import { audit, type Committer } from '@banyan/ledger';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import type { Services } from '../src/context.ts';
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
  type CampaignsUnderTest,
} from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const { world } = campaigns;
afterEach(async () => {
  await fetch(`${world.sandboxUrl}/faults`, { method: 'DELETE' });
});

async function byKey(campaignId: string, idempotencyKey: string) {
  const { data } = await campaigns.ask<{ donationByKey: { id: string; state: string } | null }>(
    'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { id state } }',
    { c: campaignId, k: idempotencyKey },
    donor,
  );
  return data.donationByKey;
}

/** A process that dies, as far as anybody can tell, where `part` is called: what has been done until then stays done. */
async function dyingAt(part: 'before the capture' | 'before the count'): Promise<CampaignsUnderTest> {
  const { services } = campaigns.app;
  const provider = {
    ...services.ways.usual.provider,
    capture: () => Promise.reject(new Error('the process was killed')),
  };
  const committer: Committer = {
    post: () => Promise.reject(new Error('the process was killed')),
    drain: () => Promise.resolve(),
  };
  const overrides: Partial<Services> =
    part === 'before the capture'
      ? // The provider's connections belong to the process that lives on.
        { ways: { ...createPaymentWays(provider), close: () => Promise.resolve() } }
      : { committer };
  return world.start(overrides);
}

test('a crash after the intent: the retry pays, once', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const dying = await dyingAt('before the capture');
  const lost = await give(dying, id, { idempotencyKey });
  await dying.stop();
  expect(lost.errors).toHaveLength(1);
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'INTENT' });
  expect((await give(campaigns, id, { idempotencyKey })).data.donate.donation?.state).toBe('COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
});

test('a crash after the intent and no retry: the sweep asks, waits, and gives it up', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const dying = await dyingAt('before the capture');
  await give(dying, id, { idempotencyKey });
  await dying.stop();
  await sweep(campaigns.app.services);
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'INTENT' });
  const services = { ...campaigns.app.services };
  await campaigns.app.database.db.updateTable('unsettled').set({ next_look_at: new Date() }).execute();
  await sweep({ ...services, settings: { ...services.settings, abandonAfterSeconds: 0 } });
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'FAILED' });
  const again = await give(campaigns, id, { idempotencyKey });
  expect(again.data.donate.donation?.state).toBe('FAILED');
});

test('a crash after the capture: the sweep finds the money and counts it', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const dying = await dyingAt('before the count');
  await give(dying, id, { idempotencyKey });
  await dying.stop();
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
  await sweep(campaigns.app.services);
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'COUNTED' });
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
  await sweep(campaigns.app.services);
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
});

test('a capture that happened and whose answer was lost is unknown, and the same key finds it', async () => {
  const { id } = await liveCampaign(campaigns);
  const impatient = await world.start({}, { CAPTURE_TIMEOUT_MS: 200 });
  await world.fault({ operation: 'capture', kind: 'timeout_after_effect' });
  const idempotencyKey = key();
  const before = await paymentsAtProvider(world);
  const lost = await give(impatient, id, { idempotencyKey });
  expect(lost.errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  const found = await give(impatient, id, { idempotencyKey });
  expect(found.data.donate.donation?.state).toBe('COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1', raised: { minor: '1000' } });
  expect(await paymentsAtProvider(world)).toHaveLength(before.length + 1);
  await impatient.stop();
});

test('a provider that is down leaves the outcome unknown until it is back', async () => {
  const { id } = await liveCampaign(campaigns);
  await world.fault({ operation: 'capture', kind: 'fail', status: 503 });
  const idempotencyKey = key();
  const lost = await give(campaigns, id, { idempotencyKey });
  expect(lost.errors?.[0]?.extensions.code).toBe('OUTCOME_UNKNOWN');
  expect((await give(campaigns, id, { idempotencyKey })).data.donate.donation?.state).toBe('COUNTED');
});

test('a payment that the bank declines fails for good under its key; a new key pays', async () => {
  const { id } = await liveCampaign(campaigns);
  await world.fault({ operation: 'capture', kind: 'decline' });
  const idempotencyKey = key();
  const declined = await give(campaigns, id, { idempotencyKey });
  expect(declined.data.donate).toMatchObject({ donation: { state: 'FAILED' }, userErrors: [] });
  const again = await give(campaigns, id, { idempotencyKey });
  expect(again.data.donate.donation?.state).toBe('FAILED');
  expect((await give(campaigns, id)).data.donate.donation?.state).toBe('COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
});

test('two sweeps at once, in two processes, count a gift once', async () => {
  const { id } = await liveCampaign(campaigns);
  const other = await world.start();
  const dying = await dyingAt('before the count');
  await Promise.all(Array.from({ length: 10 }, () => give(dying, id)));
  await dying.stop();
  await Promise.all([campaigns, other, campaigns, other].map(({ app }) => sweep(app.services)));
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '10', raised: { minor: '10000' } });
  await other.stop();
});

test('a campaign that closes while the bank takes the money does not count it: the gift is in suspense', async () => {
  const { id } = await liveCampaign(campaigns);
  const { provider } = campaigns.app.services.ways.usual;
  const slow = {
    ...provider,
    async capture(request: Parameters<typeof provider.capture>[0]) {
      const outcome = await provider.capture(request);
      await campaigns.ask(changeStatus, { input: { campaignId: id, action: 'END' } }, organiser);
      return outcome;
    },
  };
  const closing = await world.start({ ways: { ...createPaymentWays(slow), close: () => Promise.resolve() } });
  const idempotencyKey = key();
  const { data } = await give(closing, id, { idempotencyKey });
  expect(data.donate).toMatchObject({
    donation: { state: 'SUSPENSE', payment: { providerRef: expect.stringMatching(/^pay_/) as string } },
    campaign: { totals: { donationCount: '0', raised: { minor: '0' } } },
  });
  const again = await give(campaigns, id, { idempotencyKey });
  expect(again.data.donate.donation).toEqual(data.donate.donation);
  await closing.stop();
});

test('of two calls with one key, one at the pause and one after it, the money is in one place', async () => {
  const { id } = await liveCampaign(campaigns);
  const { provider } = campaigns.app.services.ways.usual;
  const change = (action: string) =>
    campaigns.ask(changeStatus, { input: { campaignId: id, action } }, organiser);
  const [paused, captured] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const slow = {
    ...provider,
    async capture(request: Parameters<typeof provider.capture>[0]) {
      const outcome = await provider.capture(request);
      calls += 1;
      if (calls === 1) {
        await captured.promise;
        await change('PAUSE');
      } else {
        captured.resolve();
        await paused.promise;
        await change('RESUME');
      }
      return outcome;
    },
  };
  const slowly = await world.start({ ways: { ...createPaymentWays(slow), close: () => Promise.resolve() } });
  const idempotencyKey = key();
  const first = give(slowly, id, { idempotencyKey });
  const second = give(slowly, id, { idempotencyKey });
  const early = await Promise.race([first, second]);
  expect(early.data.donate.donation?.state).toBe('SUSPENSE');
  paused.resolve();
  for (const { data } of await Promise.all([first, second]))
    expect(data.donate.donation?.state).toBe('SUSPENSE');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
  await slowly.stop();
});

test('a campaign whose last day is over ends by itself', async () => {
  const { id } = await liveCampaign(campaigns, { endsAt: new Date(Date.now() + 3_600_000).toISOString() });
  await campaigns.app.database.db
    .updateTable('campaigns')
    .set({ ends_at: new Date(Date.now() - 1_000) })
    .where('id', '=', id)
    .execute();
  await sweep(campaigns.app.services);
  const { data } = await campaigns.ask('query ($id: ID!) { campaign(id: $id) { status } }', { id });
  expect(data).toEqual({ campaign: { status: 'ENDED' } });
  expect((await give(campaigns, id)).data.donate.userErrors).toMatchObject([{ code: 'NOT_LIVE' }]);
});

test('a campaign that cannot be ended for the moment holds back no other, nor the gifts', async () => {
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const [held, other] = [
    await liveCampaign(campaigns, { endsAt }),
    await liveCampaign(campaigns, { endsAt }),
  ];
  const { db } = campaigns.app.database;
  await db
    .updateTable('campaigns')
    .set({ ends_at: new Date(Date.now() - 1_000) })
    .where('id', 'in', [held.id, other.id])
    .execute();
  const hurried = await world.start({}, { LOCK_TIMEOUT_MS: 20 });
  const statuses = async () => {
    const rows = await db
      .selectFrom('campaigns')
      .select(['id', 'status'])
      .where('id', 'in', [held.id, other.id])
      .execute();
    return new Map(rows.map(({ id, status }) => [id, status]));
  };
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom('campaigns').select('id').where('id', '=', held.id).forUpdate().execute();
    expect(await sweep(hurried.app.services)).toMatchObject({ ended: 1 });
    expect(await statuses()).toEqual(
      new Map([
        [held.id, 'LIVE'],
        [other.id, 'ENDED'],
      ]),
    );
  });
  expect(await sweep(hurried.app.services)).toMatchObject({ ended: 1 });
  expect((await statuses()).get(held.id)).toBe('ENDED');
  await hurried.stop();
});

test('the clock of the database is set back an hour: gifts that a crash leaves after that are found', async () => {
  const { id } = await liveCampaign(campaigns);
  const { services, database } = campaigns.app;
  const usual = { ...services, settings: { ...services.settings, sweepAfterSeconds: 30 } };
  // As it stands when the sweep has come further than the clock now is.
  await sql`update sweep_progress set scanned_until = clock_timestamp() + interval '1 hour'`.execute(
    database.db,
  );
  await sweep(usual);
  const idempotencyKey = key();
  const dying = await dyingAt('before the count');
  await give(dying, id, { idempotencyKey });
  await dying.stop();
  await sweep(services);
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'COUNTED' });
});

test('where new gifts without an outcome cannot be looked for, known ones are settled all the same', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const dying = await dyingAt('before the count');
  await give(dying, id, { idempotencyKey });
  await dying.stop();
  const { services, database } = campaigns.app;
  const intent = await database.db
    .selectFrom('intents')
    .select('id')
    .where('campaign_id', '=', id)
    .executeTakeFirstOrThrow();
  await database.db.insertInto('unsettled').values({ campaign_id: id, donation_id: intent.id }).execute();
  // A time that no clock knows: the search for new ones fails, and only it.
  const settings = { ...services.settings, sweepAfterSeconds: Number.NaN };
  expect(await sweep({ ...services, settings })).toMatchObject({ found: 0, settled: 1 });
  expect(await byKey(id, idempotencyKey)).toMatchObject({ state: 'COUNTED' });
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
