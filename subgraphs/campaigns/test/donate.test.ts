import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { newId } from '@banyan/kit/graphql';
import { expect, test } from 'vitest';
import { give, totalsOf } from './gifts.ts';
import { changeStatus, donor, eventsAbout, key, liveCampaign, organiser, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());

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
