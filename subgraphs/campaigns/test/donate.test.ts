import { audit, LedgerOverloaded } from '@banyan/ledger';
import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { WriterOverloaded } from '../src/db/group-writer.ts';
import { give, totalsOf } from './gifts.ts';
import {
  changeStatus,
  donor,
  eventsAbout,
  key,
  liveCampaign,
  organiser,
  paymentsAtProvider,
  startCampaigns,
} from './support.ts';

/** Takes no gift in this file. */
const campaigns = await sharedByTests(startCampaigns());
const untouched = (await liveCampaign(campaigns)).id;

const publicGifts = `query ($id: ID!) {
  campaign(id: $id) { donations { nodes { donor { id } message amount { minor } } } } }`;

function change(campaignId: string, action: string) {
  return campaigns.ask(changeStatus, { input: { campaignId, action } }, organiser);
}

test('a gift is in the answer that acknowledges it and on every read after that', async () => {
  const { id } = await liveCampaign(campaigns);
  const { data, errors } = await give(campaigns, id, { message: '加油！Get well soon.' });
  expect(errors).toBeUndefined();
  expect(data.donate).toMatchObject({
    userErrors: [],
    guestToken: null,
    donation: {
      state: 'COUNTED',
      message: '加油！Get well soon.',
      amount: { minor: '1000', currency: 'CNY' },
    },
    campaign: { id, totals: { raised: { minor: '1000' }, donationCount: '1' } },
  });
  expect(await totalsOf(campaigns, id)).toMatchObject({ raised: { minor: '1000' }, donationCount: '1' });
  expect((await campaigns.ask(publicGifts, { id })).data).toEqual({
    campaign: {
      donations: {
        nodes: [{ donor: { id: donor?.id }, message: '加油！Get well soon.', amount: { minor: '1000' } }],
      },
    },
  });
});

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

test('each mutation of an operation is followed by a reading of its own: nothing from before it is shown', async () => {
  const { id } = await liveCampaign(campaigns);
  const one = (minor: string) => ({
    campaignId: id,
    amount: { minor, currency: 'CNY' },
    idempotencyKey: key(),
  });
  const gifts = '{ campaign { donations(first: 5) { nodes { amount { minor } } } } }';
  const { data } = await campaigns.ask(
    `mutation ($a: DonateInput!, $b: DonateInput!) { a: donate(input: $a) ${gifts} b: donate(input: $b) ${gifts} }`,
    { a: one('100'), b: one('200') },
    donor,
  );
  const shown = (...amounts: string[]) => ({
    campaign: { donations: { nodes: amounts.map((minor) => ({ amount: { minor } })) } },
  });
  expect(data).toEqual({ a: shown('100'), b: shown('200', '100') });
  const step = (action: string) => ({ campaignId: id, action });
  const history = '{ campaign { statusHistory { status } } }';
  const changed = await campaigns.ask<
    Record<'a' | 'b', { campaign: { statusHistory: { status: string }[] } }>
  >(
    `mutation ($a: ChangeCampaignStatusInput!, $b: ChangeCampaignStatusInput!) {
       a: changeCampaignStatus(input: $a) ${history} b: changeCampaignStatus(input: $b) ${history} }`,
    { a: step('PAUSE'), b: step('END') },
    organiser,
  );
  const { a, b } = changed.data;
  expect(b.campaign.statusHistory).toHaveLength(a.campaign.statusHistory.length + 1);
});

test('a reader who has seen a version waits for it, and is told when it does not come', async () => {
  const { id } = await liveCampaign(campaigns);
  const { data } = await give(campaigns, id);
  const query = 'query ($id: ID!, $v: BigInt!) { campaign(id: $id) { totals(minVersion: $v) { version } } }';
  const version = data.donate.campaign?.totals.version;
  const seen = await campaigns.ask(query, { id, v: version });
  expect(seen.data).toEqual({ campaign: { totals: { version } } });
  const unseen = await campaigns.ask(query, { id, v: '999' });
  expect(unseen.errors?.[0]?.extensions).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true });
});

test('who wants no name has none, and a guest has none to show', async () => {
  const { id } = await liveCampaign(campaigns);
  await give(campaigns, id, { anonymous: true });
  await give(campaigns, id, {}, null);
  const { data } = await campaigns.ask(publicGifts, { id });
  expect(data).toMatchObject({ campaign: { donations: { nodes: [{ donor: null }, { donor: null }] } } });
});

test('the same key is the same gift: replayed with the same input, refused with another', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const first = await give(campaigns, id, { idempotencyKey });
  const again = await give(campaigns, id, { idempotencyKey });
  expect(again.data.donate.donation).toEqual(first.data.donate.donation);
  for (const other of [
    { amount: { minor: '1001', currency: 'CNY' } },
    { anonymous: true },
    { message: 'another' },
    { provider: 'sandbox-async' },
  ]) {
    const { data } = await give(campaigns, id, { idempotencyKey, ...other });
    expect(data.donate.userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ]);
  }
  const somebodyElse = await give(campaigns, id, { idempotencyKey }, { id: newId('usr') });
  expect(somebodyElse.data.donate.donation?.id).not.toBe(first.data.donate.donation?.id);
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '2' });
});

test('a retry after the close still gets the first answer; a new gift does not', async () => {
  const { id } = await liveCampaign(campaigns);
  const idempotencyKey = key();
  const first = await give(campaigns, id, { idempotencyKey });
  await change(id, 'END');
  const again = await give(campaigns, id, { idempotencyKey });
  expect(again.data.donate.donation).toEqual(first.data.donate.donation);
  const late = await give(campaigns, id);
  expect(late.data.donate).toMatchObject({
    donation: null,
    userErrors: [{ code: 'NOT_LIVE', field: ['input', 'campaignId'] }],
  });
});

test('a paused campaign takes gifts again when it goes on', async () => {
  const { id } = await liveCampaign(campaigns);
  await change(id, 'PAUSE');
  expect((await give(campaigns, id)).data.donate.userErrors).toMatchObject([{ code: 'NOT_LIVE' }]);
  await change(id, 'RESUME');
  expect((await give(campaigns, id)).data.donate.donation?.state).toBe('COUNTED');
});

test.each([
  ['nothing', { amount: { minor: '0', currency: 'CNY' } }, 'AMOUNT_OUT_OF_RANGE'],
  ['less than nothing', { amount: { minor: '-5', currency: 'CNY' } }, 'AMOUNT_OUT_OF_RANGE'],
  ['more than a gift may be', { amount: { minor: '5000001', currency: 'CNY' } }, 'AMOUNT_OUT_OF_RANGE'],
  [
    'more than there is',
    { amount: { minor: '9223372036854775807', currency: 'CNY' } },
    'AMOUNT_OUT_OF_RANGE',
  ],
  ['another currency', { amount: { minor: '100', currency: 'USD' } }, 'CURRENCY_MISMATCH'],
  ['a NUL in the message', { message: 'a\0b' }, 'INVALID_INPUT'],
  ['half a character in the message', { message: 'a\ud800' }, 'INVALID_INPUT'],
  ['a link in the message', { message: 'see https://example.com' }, 'INVALID_INPUT'],
  ['a message without end', { message: 'x'.repeat(201) }, 'INVALID_INPUT'],
  ['a key of spaces', { idempotencyKey: '  ' }, 'INVALID_INPUT'],
  ['a key without end', { idempotencyKey: 'k'.repeat(101) }, 'INVALID_INPUT'],
  ['an unknown provider', { provider: 'cowrie shells' }, 'INVALID_INPUT'],
  ['no campaign at all', { campaignId: newId('cmp') }, 'NOT_FOUND'],
  ['a campaign that is none', { campaignId: 'cmp_' }, 'INVALID_INPUT'],
])('refuses %s, and leaves no trace', async (_what, over, code) => {
  const { data, errors } = await give(campaigns, untouched, over);
  expect(errors).toBeUndefined();
  expect(data.donate).toMatchObject({ donation: null, userErrors: [{ code }] });
  const intents = await campaigns.app.database.db
    .selectFrom('intents')
    .select('id')
    .where('campaign_id', '=', untouched)
    .execute();
  expect(intents).toEqual([]);
});

test.each(['1.5', '12abc', '99999999999999999999', ''])('an amount of "%s" is no number', async (minor) => {
  const { errors } = await give(campaigns, newId('cmp'), { amount: { minor, currency: 'CNY' } });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('a poor row in a batch does not spoil its neighbours', async () => {
  const { id } = await liveCampaign(campaigns);
  const answers = await Promise.all([
    give(campaigns, id),
    give(campaigns, id, { amount: { minor: '0', currency: 'CNY' } }),
    give(campaigns, newId('cmp')),
    give(campaigns, id, {}, null),
  ]);
  expect(answers.map(({ data }) => data.donate.userErrors[0]?.code ?? data.donate.donation?.state)).toEqual([
    'COUNTED',
    'AMOUNT_OUT_OF_RANGE',
    'NOT_FOUND',
    'COUNTED',
  ]);
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

test('a counted gift is told to the other subgraphs in the commit that counts it', async () => {
  const { id } = await liveCampaign(campaigns);
  const { data } = await give(campaigns, id);
  const own = await eventsAbout(campaigns, data.donate.donation?.id ?? '', 1);
  expect(own).toMatchObject([
    {
      payload: {
        donationId: data.donate.donation?.id,
        campaignId: id,
        userId: donor?.id,
        payerId: expect.stringMatching(/^pyr_/) as string,
        amount: { minor: '1000', currency: 'CNY' },
        totalsVersion: data.donate.campaign?.totals.version,
      },
    },
  ]);
});

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
