import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { afterEach, expect, test } from 'vitest';
import { createPaymentWays } from '../src/providers/payment-ways.ts';
import { give, totalsOf } from './gifts.ts';
import { changeStatus, key, liveCampaign, organiser, paymentsAtProvider, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const { world } = campaigns;
afterEach(async () => {
  await fetch(`${world.sandboxUrl}/faults`, { method: 'DELETE' });
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

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
