import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createGuestTokens, deriveGuestTokenKey } from '../src/domain/guest-tokens.ts';
import { give, totalsOf } from './gifts.ts';
import { key, liveCampaign, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const campaignId = (await liveCampaign(campaigns)).id;

const donationQuery =
  'query ($id: ID!, $token: String) { donation(id: $id, guestToken: $token) { id state } }';

test('a guest gets a secret with the first gift, and sees the gift by it alone', async () => {
  const { data } = await give(campaigns, campaignId, {}, null);
  const { donation, guestToken } = data.donate;
  expect(guestToken).toMatch(/^[\w-]{43}$/);
  const ask = (token: string | null) => campaigns.ask(donationQuery, { id: donation?.id, token });
  expect((await ask(guestToken)).data).toEqual({ donation: { id: donation?.id, state: 'COUNTED' } });
  expect((await ask(null)).data).toEqual({ donation: null });
  expect((await ask('somebody else’s')).data).toEqual({ donation: null });
});

test('the secret lies hashed in the database', async () => {
  const { data } = await give(campaigns, campaignId, {}, null);
  const rows = await campaigns.app.database.db.selectFrom('payers').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(data.donate.guestToken);
});

test('a guest whose first answer was lost asks again and has given once', async () => {
  const before = await totalsOf(campaigns, campaignId);
  const idempotencyKey = key();
  const [first, second] = await Promise.all([
    give(campaigns, campaignId, { idempotencyKey }, null),
    give(campaigns, campaignId, { idempotencyKey }, null),
  ]);
  const third = await give(campaigns, campaignId, { idempotencyKey }, null);
  expect(second.data.donate.donation?.id).toBe(first.data.donate.donation?.id);
  expect(third.data.donate).toMatchObject({
    donation: { id: first.data.donate.donation?.id },
    guestToken: first.data.donate.guestToken,
  });
  const after = await totalsOf(campaigns, campaignId);
  expect(BigInt(after.donationCount) - BigInt(before.donationCount)).toBe(1n);
  const { data } = await campaigns.ask(
    'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { id } }',
    { c: campaignId, k: idempotencyKey },
  );
  expect(data).toEqual({ donationByKey: { id: first.data.donate.donation?.id } });
});

test('a guest whose answer was lost is known again after the payment provider’s secret was changed', async () => {
  const GUEST_TOKEN_KEY = randomBytes(32).toString('base64url');
  const before = await campaigns.world.start({}, { GUEST_TOKEN_KEY });
  const after = await campaigns.world.start(
    {},
    { GUEST_TOKEN_KEY, PAYMENTS_SECRET: 'another-secret-altogether' },
  );
  const idempotencyKey = key();
  const { data } = await give(before, campaignId, { idempotencyKey }, null);
  const again = await give(after, campaignId, { idempotencyKey }, null);
  expect(again.data.donate).toEqual(data.donate);
  await before.stop();
  await after.stop();
});

test('without a key of their own, guests have one that is derived, and never the provider’s secret itself', () => {
  const secret = 'a-secret-of-the-tests';
  const [one, other] = [deriveGuestTokenKey(secret), deriveGuestTokenKey('another-secret')];
  const issued = [one, other, Buffer.from(secret)].map((each) =>
    createGuestTokens(each).issue('cmp_1', 'key'),
  );
  expect(new Set(issued).size).toBe(3);
});

test('a guest’s first key must be hard to guess', async () => {
  const { data } = await give(campaigns, campaignId, { idempotencyKey: 'gift-1' }, null);
  expect(data.donate.userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'idempotencyKey'] },
  ]);
});

test('two guests may use one key, once each has a secret', async () => {
  const guests = await Promise.all([1, 2].map(() => give(campaigns, campaignId, {}, null)));
  const gifts = await Promise.all(
    guests.map(({ data }) =>
      give(campaigns, campaignId, { guestToken: data.donate.guestToken, idempotencyKey: 'gift-2' }, null),
    ),
  );
  expect(new Set(gifts.map(({ data }) => data.donate.donation?.id)).size).toBe(2);
});

test('a secret that nobody has is no guest', async () => {
  const { data } = await give(campaigns, campaignId, { guestToken: 'made up' }, null);
  expect(data.donate.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'guestToken'] }]);
});

test('a guest who signs in keeps the keys and the gifts; nobody else can take them', async () => {
  const person = { id: newId('usr') };
  const idempotencyKey = key();
  const asGuest = await give(campaigns, campaignId, { idempotencyKey }, null);
  const { guestToken, donation } = asGuest.data.donate;
  const signedIn = await give(campaigns, campaignId, { idempotencyKey, guestToken }, person);
  expect(signedIn.data.donate.donation?.id).toBe(donation?.id);
  const { data } = await campaigns.ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Viewer { donations { nodes { id } } } } }',
    { r: [{ __typename: 'Viewer', id: person.id }] },
    person,
  );
  expect(data).toEqual({ _entities: [{ donations: { nodes: [{ id: donation?.id }] } }] });
  const thief = await give(campaigns, campaignId, { guestToken }, { id: newId('usr') });
  expect(thief.data.donate.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('a key that was used as a guest and again as a person stands for two gifts, each found from its own side', async () => {
  const { id } = await liveCampaign(campaigns);
  const person = { id: newId('usr') };
  const idempotencyKey = key();
  const asGuest = (await give(campaigns, id, { idempotencyKey }, null)).data.donate;
  const { guestToken } = asGuest;
  await give(campaigns, id, { guestToken }, person);
  const asPerson = (await give(campaigns, id, { idempotencyKey }, person)).data.donate;
  const found = async (token: string | null) => {
    const { data } = await campaigns.ask<{ donationByKey: { id: string } | null }>(
      `query ($c: ID!, $k: String!, $t: String) {
        donationByKey(campaignId: $c, idempotencyKey: $k, guestToken: $t) { id } }`,
      { c: id, k: idempotencyKey, t: token },
      person,
    );
    return data.donationByKey?.id;
  };
  expect([await found(null), await found(guestToken)]).toEqual([asPerson.donation?.id, asGuest.donation?.id]);
  expect(asPerson.donation?.id).not.toBe(asGuest.donation?.id);
});
