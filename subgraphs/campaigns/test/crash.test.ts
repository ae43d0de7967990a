import { sharedByTests } from '@banyan/kit/testing';
import { audit, type Committer } from '@banyan/ledger';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Services } from '../src/context.ts';
import { sweep } from '../src/domain/sweep.ts';
import { createPaymentWays } from '../src/providers/payment-ways.ts';
import { give, totalsOf } from './gifts.ts';
import { donor, key, liveCampaign, startCampaigns, type CampaignsUnderTest } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const { world } = campaigns;

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
