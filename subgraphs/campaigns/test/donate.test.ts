import { afterAll, beforeAll, expect, test } from 'vitest';
import { donor, give, liveCampaign, startCampaigns, totalsOf } from './support.ts';

let campaigns: Awaited<ReturnType<typeof startCampaigns>>;
beforeAll(async () => {
  campaigns = await startCampaigns();
});
afterAll(() => campaigns.stop());

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
  const listed = await campaigns.ask(
    'query ($id: ID!) { campaign(id: $id) { donations { nodes { donor { id } message amount { minor } } } } }',
    { id },
  );
  expect(listed.data).toEqual({
    campaign: {
      donations: {
        nodes: [{ donor: { id: donor?.id }, message: '加油！Get well soon.', amount: { minor: '1000' } }],
      },
    },
  });
});
