import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { newId } from '@banyan/kit/graphql';
import { expect, test } from 'vitest';
import { give } from './gifts.ts';
import { liveCampaign, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
/** Takes no gift in this file. */
const untouched = (await liveCampaign(campaigns)).id;

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

test('the books balance after all of this', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});
