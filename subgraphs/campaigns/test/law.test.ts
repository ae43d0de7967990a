import { newId } from '@banyan/kit/graphql';
import { createTestFeed, serveTestFeed, sharedByTests } from '@banyan/kit/testing';
import { expect, onTestFinished, test } from 'vitest';
import {
  caseOf,
  changeStatus,
  decideGate,
  eventsAbout,
  key,
  limitsOf,
  reviewers,
  startCampaigns,
  submitProject,
  type CampaignAnswer,
} from './support.ts';

const mother = { id: newId('usr') };
const son = { id: newId('usr') };
const stranger = { id: newId('usr') };
const charity = newId('org');
const lapsedCharity = newId('org');
const hospital = newId('org');

const users = createTestFeed();
const day = (years: number) => new Date(Date.now() + years * 365 * 86_400_000).toISOString().slice(0, 10);
users.tell('relatives.confirmed', { personId: mother.id, relativeId: son.id, relation: 'CHILD' });
users.tell('organisation.verified', {
  organisationId: charity,
  kinds: ['CHARITY'],
  licence: { number: 'GX-1', validFrom: day(-1), validTo: day(1) },
});
users.tell('organisation.verified', {
  organisationId: lapsedCharity,
  kinds: ['CHARITY'],
  licence: { number: 'GX-2', validFrom: day(-3), validTo: day(-1) },
});
users.tell('organisation.verified', { organisationId: hospital, kinds: ['HOSPITAL'], licence: null });
for (const organisationId of [charity, lapsedCharity])
  users.tell('organisation.member_set', { organisationId, userId: mother.id, role: 'OWNER' });

const { url: usersUrl } = await sharedByTests(serveTestFeed(users.pageAfter));
const campaigns = await sharedByTests(startCampaigns({ PEER_URLS: { users: usersUrl } }));
await heard();

/** The consumer rests between pages when it has run dry, so it is told to look. */
async function heard() {
  await campaigns.app.consumers[0]?.drain();
}

const details = {
  title: '帮孩子 For my child',
  story: '故事 story',
  goal: { minor: '500000', currency: 'CNY' },
};
const fields = '{ campaign { id status slug } userErrors { code field message } }';

async function submitHelp(as: { id: string }, over: Record<string, unknown>): Promise<CampaignAnswer> {
  const input = { details, idempotencyKey: key(), ...over };
  const answer = await campaigns.ask<{ submitPersonalHelp: CampaignAnswer }>(
    `mutation ($input: SubmitPersonalHelpInput!) { submitPersonalHelp(input: $input) ${fields} }`,
    { input },
    as,
  );
  return answer.data.submitPersonalHelp;
}

async function submitFundraising(as: { id: string }, charityId: string): Promise<CampaignAnswer> {
  const input = { charityId, details, idempotencyKey: key() };
  const answer = await campaigns.ask<{ submitPublicFundraising: CampaignAnswer }>(
    `mutation ($input: SubmitPublicFundraisingInput!) { submitPublicFundraising(input: $input) ${fields} }`,
    { input },
    as,
  );
  return answer.data.submitPublicFundraising;
}

test('one may ask for oneself and for a confirmed relative, from either side', async () => {
  const self = await submitHelp(stranger, { beneficiaryId: stranger.id, relation: 'SELF' });
  const child = await submitHelp(mother, { beneficiaryId: son.id, relation: 'CHILD' });
  const parent = await submitHelp(son, { beneficiaryId: mother.id, relation: 'PARENT' });
  expect([self, child, parent].map(({ campaign }) => campaign?.status)).toEqual([
    'SUBMITTED',
    'SUBMITTED',
    'SUBMITTED',
  ]);
});

test.each([
  ['a stranger', { beneficiaryId: stranger.id, relation: 'CHILD' }, 'RELATION_NOT_VERIFIED'],
  ['a relative as something else', { beneficiaryId: son.id, relation: 'SPOUSE' }, 'RELATION_NOT_VERIFIED'],
  ['another as oneself', { beneficiaryId: son.id, relation: 'SELF' }, 'RELATION_NOT_ALLOWED'],
  ['oneself as one’s child', { beneficiaryId: mother.id, relation: 'CHILD' }, 'RELATION_NOT_ALLOWED'],
])('one may not ask for %s', async (_whom, input, code) => {
  const { campaign, userErrors } = await submitHelp(mother, input);
  expect(campaign).toBeNull();
  expect(userErrors).toMatchObject([{ code }]);
});

test('kinship that was revoked no longer counts', async () => {
  users.tell('relatives.confirmed', { personId: stranger.id, relativeId: son.id, relation: 'SIBLING' });
  users.tell('relatives.revoked', { personId: son.id, relativeId: stranger.id });
  await heard();
  const { userErrors } = await submitHelp(stranger, { beneficiaryId: son.id, relation: 'SIBLING' });
  expect(userErrors).toMatchObject([{ code: 'RELATION_NOT_VERIFIED' }]);
});

test('only a member of a charity whose licence is valid today raises from the public', async () => {
  expect((await submitFundraising(mother, charity)).campaign?.status).toBe('SUBMITTED');
  expect((await submitFundraising(stranger, charity)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await submitFundraising(mother, lapsedCharity)).userErrors).toMatchObject([
    { code: 'CHARITY_NOT_LICENSED', field: ['input', 'charityId'] },
  ]);
  users.tell('organisation.verified', { organisationId: charity, kinds: ['CHARITY'], licence: null });
  await heard();
  expect((await submitFundraising(mother, charity)).userErrors).toMatchObject([
    { code: 'CHARITY_NOT_LICENSED' },
  ]);
});

test('a hospital must be one', async () => {
  const known = await submitHelp(mother, {
    beneficiaryId: mother.id,
    relation: 'SELF',
    details: { ...details, hospitalId: hospital },
  });
  expect(known.campaign?.status).toBe('SUBMITTED');
  const other = await submitHelp(mother, {
    beneficiaryId: mother.id,
    relation: 'SELF',
    details: { ...details, hospitalId: charity },
  });
  expect(other.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'details', 'hospitalId'] }]);
});

test('a key submits once: repeated it gives the same campaign, with another input it is refused', async () => {
  const input = { beneficiaryId: mother.id, relation: 'SELF', idempotencyKey: key() };
  const [first, again] = await Promise.all([submitHelp(mother, input), submitHelp(mother, input)]);
  expect(first.campaign?.id).toBeTypeOf('string');
  expect(again.campaign?.id).toBe(first.campaign?.id);
  const other = await submitHelp(mother, { ...input, details: { ...details, title: 'Another' } });
  expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
});

test('who submits too many campaigns is told so, and still gets what was submitted before', async () => {
  const strict = await campaigns.world.start({ limits: limitsOf(1) }, { PEER_URLS: {} });
  onTestFinished(() => strict.stop());
  const first = { kind: 'DREAM', details, idempotencyKey: key() };
  const submit = async (input: Record<string, unknown>, as: { id: string } = stranger) => {
    const answer = await strict.ask<{ submitProject: CampaignAnswer }>(submitProject, { input }, as);
    return answer.data.submitProject;
  };
  const { campaign } = await submit(first);
  expect(await submit({ ...first, idempotencyKey: key() })).toMatchObject({
    campaign: null,
    userErrors: [{ code: 'RATE_LIMITED' }],
  });
  expect((await submit(first)).campaign?.id).toBe(campaign?.id);
  expect((await submit({ ...first, idempotencyKey: key() }, mother)).userErrors).toEqual([]);
});

test('the beneficiary is hidden from the public, and gets no offers of insurance', async () => {
  const { campaign } = await submitHelp(mother, { beneficiaryId: son.id, relation: 'CHILD' });
  const db = campaigns.app.database.db;
  await db
    .updateTable('campaigns')
    .set({ status: 'LIVE', went_live_at: new Date() })
    .where('id', '=', campaign?.id ?? '')
    .execute();
  const query = '{ _entities(representations: $r) { ... on Campaign { offersAllowed beneficiary { id } } } }';
  const ask = (as: { id: string } | null) =>
    campaigns.ask(`query ($r: [_Any!]!) ${query}`, { r: [{ __typename: 'Campaign', id: campaign?.id }] }, as);
  const [anybody, beneficiary] = await Promise.all([ask(null), ask(son)]);
  expect(anybody.data).toEqual({ _entities: [{ offersAllowed: true, beneficiary: null }] });
  expect(beneficiary.data).toEqual({ _entities: [{ offersAllowed: false, beneficiary: { id: son.id } }] });
});

test('whom a live campaign is for is told to the other subgraphs, which keep their offers away', async () => {
  const { campaign } = await submitHelp(mother, { beneficiaryId: son.id, relation: 'CHILD' });
  const id = campaign?.id ?? '';
  const caseId = await caseOf(campaigns, id);
  for (const [index, gate] of ['DATA', 'CUSTOMER_SERVICE', 'CROWD'].entries()) {
    const decision = { caseId, gate, state: 'PASSED', reason: '材料齐全 complete' };
    await campaigns.ask(decideGate, { input: decision }, reviewers[index]);
  }
  const [live] = await eventsAbout(campaigns, id, 1);
  expect(live).toMatchObject({
    type: 'campaign.live',
    payload: { campaignId: id, organiserId: mother.id, beneficiaryId: son.id, kind: 'PERSONAL_HELP' },
  });
});

test('what has ended since the submission keeps a campaign from going live, and a paused one from going on', async () => {
  const [owner, child, sponsor] = [newId('usr'), newId('usr'), newId('org')].map((id) => ({ id }));
  if (owner === undefined || child === undefined || sponsor === undefined) throw new Error('nobody');
  const licence = { number: 'GX-3', validFrom: day(-1), validTo: day(1) };
  users.tell('relatives.confirmed', { personId: owner.id, relativeId: child.id, relation: 'CHILD' });
  users.tell('organisation.verified', { organisationId: sponsor.id, kinds: ['CHARITY'], licence });
  users.tell('organisation.member_set', { organisationId: sponsor.id, userId: owner.id, role: 'OWNER' });
  await heard();
  const help = (await submitHelp(owner, { beneficiaryId: child.id, relation: 'CHILD' })).campaign?.id ?? '';
  const fund = (await submitFundraising(owner, sponsor.id)).campaign?.id ?? '';
  const pass = async (id: string, index: number) => {
    const gate = ['DATA', 'CUSTOMER_SERVICE', 'CROWD'][index];
    const decision = { caseId: cases.get(id), gate, state: 'PASSED', reason: '材料齐全 complete' };
    const { data } = await campaigns.ask<{ decideReviewGate: CampaignAnswer }>(
      decideGate,
      { input: decision },
      reviewers[index],
    );
    return data.decideReviewGate;
  };
  const cases = new Map([
    [help, await caseOf(campaigns, help)],
    [fund, await caseOf(campaigns, fund)],
  ]);
  for (const index of [0, 1]) for (const id of [help, fund]) await pass(id, index);

  users.tell('relatives.revoked', { personId: owner.id, relativeId: child.id, relation: 'CHILD' });
  await heard();
  expect((await pass(help, 2)).userErrors).toMatchObject([{ code: 'RELATION_NOT_VERIFIED' }]);
  expect((await pass(fund, 2)).campaign?.status).toBe('LIVE');

  const change = async (action: string) => {
    const input = { campaignId: fund, action };
    const { data } = await campaigns.ask<{ changeCampaignStatus: CampaignAnswer }>(
      changeStatus,
      { input },
      owner,
    );
    return data.changeCampaignStatus;
  };
  expect((await change('PAUSE')).campaign?.status).toBe('PAUSED');
  users.tell('organisation.verified', { organisationId: sponsor.id, kinds: [], licence: null });
  await heard();
  expect((await change('RESUME')).userErrors).toMatchObject([{ code: 'CHARITY_NOT_LICENSED' }]);
  expect((await change('END')).campaign?.status).toBe('ENDED');
});
