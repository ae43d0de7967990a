import { sharedByTests } from '@banyan/kit/testing';
import { newId } from '@banyan/kit/graphql';
import { audit, LedgerOverloaded } from '@banyan/ledger';
import { expect, test } from 'vitest';
import { WriterOverloaded } from '../src/db/group-writer.ts';
import { give, totalsOf } from './gifts.ts';
import { key, liveCampaign, paymentsAtProvider, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());

test('two hundred gifts at once are two hundred gifts, and each donor’s next read has its own', async () => {
  const { id } = await liveCampaign(campaigns);
  const seen = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const { data } = await give(campaigns, id, {}, { id: newId('usr') });
      const acknowledged = BigInt(data.donate.campaign?.totals.version ?? 0);
      const next = await totalsOf(campaigns, id);
      return BigInt(next.version) >= acknowledged;
    }),
  );
  expect(seen.every(Boolean)).toBe(true);
  expect(await totalsOf(campaigns, id)).toMatchObject({ raised: { minor: '200000' }, donationCount: '200' });
});

test('a full process says so before anything has happened', async () => {
  const { id } = await liveCampaign(campaigns);
  const full = await campaigns.world.start({}, { MAX_GIFTS_IN_FLIGHT: 1 });
  const answers = await Promise.all([1, 2, 3].map(() => give(full, id)));
  const refused = answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'OVERLOADED');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.errors?.[0]?.extensions).toMatchObject({ retryAfterSeconds: 1, retryable: true });
  const { donationCount } = await totalsOf(campaigns, id);
  expect(Number(donationCount)).toBe(answers.length - refused.length);
  await full.stop();
});

test('a full queue in front of the database: nothing has happened, and the donor is told when to come back', async () => {
  const { id } = await liveCampaign(campaigns);
  const full = await campaigns.world.start({
    intents: { write: () => Promise.reject(new WriterOverloaded(1_500)), drain: () => Promise.resolve() },
  });
  const before = await paymentsAtProvider(campaigns.world);
  const { errors } = await give(full, id);
  expect(await paymentsAtProvider(campaigns.world)).toEqual(before);
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'OVERLOADED',
    retryAfterSeconds: 2,
    retryable: true,
  });
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '0' });
  await full.stop();
});

test('a full queue in front of the ledger, when the money is taken: unknown, and the same key finds the gift', async () => {
  const { id } = await liveCampaign(campaigns);
  const full = await campaigns.world.start({
    committer: { post: () => Promise.reject(new LedgerOverloaded(100)), drain: () => Promise.resolve() },
  });
  const idempotencyKey = key();
  const { errors } = await give(full, id, { idempotencyKey });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  expect((await give(campaigns, id, { idempotencyKey })).data.donate.donation?.state).toBe('COUNTED');
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1', raised: { minor: '1000' } });
  await full.stop();
});

test('twenty racers on each of twenty keys, by two processes, make twenty gifts', async () => {
  const { id } = await liveCampaign(campaigns);
  const other = await campaigns.world.start();
  const keys = Array.from({ length: 20 }, key);
  const racers = Array.from({ length: 20 }, (_, racer) => (racer % 2 === 0 ? campaigns : other));
  const answers = await Promise.all(
    racers.flatMap((each) => keys.map((idempotencyKey) => give(each, id, { idempotencyKey }))),
  );
  const ids = new Set(answers.map(({ data }) => data.donate.donation?.id));
  expect(answers.every(({ data }) => data.donate.donation?.state === 'COUNTED')).toBe(true);
  expect(ids.size).toBe(keys.length);
  expect(await totalsOf(other, id)).toMatchObject({ donationCount: '20', raised: { minor: '20000' } });
  await other.stop();
});

test('of two inputs under one key, in two processes at once, one is the gift and the other is told so', async () => {
  const { id } = await liveCampaign(campaigns);
  const other = await campaigns.world.start();
  const keys = Array.from({ length: 20 }, key);
  const racers = ['100', '200', '100', '200'].map((minor, racer) => ({
    amount: { minor, currency: 'CNY' },
    in: racer < 2 ? campaigns : other,
  }));
  const raised = await Promise.all(
    keys.map(async (idempotencyKey) => {
      const answers = await Promise.all(
        racers.map(({ amount, in: process }) => give(process, id, { idempotencyKey, amount })),
      );
      const told = answers.map(({ data }) => data.donate);
      const [winner] = told.filter(({ donation }) => donation !== null);
      expect(
        told.map(({ donation, userErrors }) => donation?.id ?? userErrors.map(({ code }) => code).join()),
      ).toEqual(
        racers.map(({ amount }) =>
          amount.minor === winner?.donation?.amount.minor ? winner.donation.id : 'IDEMPOTENCY_KEY_REUSED',
        ),
      );
      return BigInt(winner?.donation?.amount.minor ?? 0);
    }),
  );
  const minor = String(raised.reduce((sum, each) => sum + each, 0n));
  expect(await totalsOf(other, id)).toMatchObject({ donationCount: '20', raised: { minor } });
  await other.stop();
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
