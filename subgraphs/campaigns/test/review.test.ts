import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import {
  caseOf,
  changeStatus,
  decideGate,
  eventsAbout,
  key,
  organiser,
  reviewers,
  startCampaigns,
  submitProject,
  type CampaignAnswer,
} from './support.ts';

const campaigns = await sharedByTests(startCampaigns());

const details = { title: 'A dream 梦想', story: 'A story', goal: { minor: '100', currency: 'CNY' } };

async function submit(as = organiser): Promise<{ id: string; caseId: string }> {
  const input = { kind: 'DREAM', details, idempotencyKey: key() };
  const { data } = await campaigns.ask<{ submitProject: CampaignAnswer }>(submitProject, { input }, as);
  const id = data.submitProject.campaign?.id ?? '';
  return { id, caseId: await caseOf(campaigns, id) };
}

async function decide(
  caseId: string,
  gate: string,
  as: { id: string; roles: string[] } | undefined,
  state = 'PASSED',
) {
  const input = { caseId, gate, state, reason: '已核实 verified' };
  const answer = await campaigns.ask<{ decideReviewGate: CampaignAnswer } | null>(
    decideGate,
    { input },
    as ?? null,
  );
  return { ...answer.data?.decideReviewGate, code: answer.errors?.[0]?.extensions.code };
}

async function change(id: string, action: string, as = organiser): Promise<CampaignAnswer> {
  const { data } = await campaigns.ask<{ changeCampaignStatus: CampaignAnswer }>(
    changeStatus,
    { input: { campaignId: id, action, reason: 'because' } },
    as,
  );
  return data.changeCampaignStatus;
}

test('three reviewers, a gate each, make a campaign live', async () => {
  const { id, caseId } = await submit();
  const hidden = await campaigns.ask('query ($id: ID!) { campaign(id: $id) { id } }', { id });
  expect(hidden.data).toEqual({ campaign: null });
  const steps = [];
  for (const [index, gate] of ['DATA', 'CUSTOMER_SERVICE', 'CROWD'].entries())
    steps.push((await decide(caseId, gate, reviewers[index])).campaign?.status);
  expect(steps).toEqual(['IN_REVIEW', 'IN_REVIEW', 'LIVE']);
  const shown = await campaigns.ask(
    'query ($id: ID!) { campaign(id: $id) { statusHistory { status } } }',
    { id },
    organiser,
  );
  expect(shown.data).toEqual({
    campaign: { statusHistory: [{ status: 'SUBMITTED' }, { status: 'IN_REVIEW' }, { status: 'LIVE' }] },
  });
});

test('nobody passes two gates of a case, and the organiser passes none', async () => {
  const boss = { id: organiser?.id ?? '', roles: ['REVIEWER'] };
  const { caseId } = await submit();
  await decide(caseId, 'DATA', reviewers[0]);
  const second = await decide(caseId, 'CROWD', reviewers[0]);
  const own = await decide(caseId, 'CROWD', boss);
  const again = await decide(caseId, 'DATA', reviewers[1]);
  for (const { userErrors } of [second, own, again])
    expect(userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
});

test('two reviewers who decide the last gates at once make one live campaign', async () => {
  const { id, caseId } = await submit();
  await decide(caseId, 'DATA', reviewers[0]);
  await Promise.all([
    decide(caseId, 'CROWD', reviewers[1]),
    decide(caseId, 'CUSTOMER_SERVICE', reviewers[2]),
  ]);
  const { data } = await campaigns.ask('query ($id: ID!) { campaign(id: $id) { status } }', { id });
  expect(data).toEqual({ campaign: { status: 'LIVE' } });
});

test('customer service decides its own gate alone, others none', async () => {
  const service = { id: newId('usr'), roles: ['CUSTOMER_SERVICE'] };
  const { caseId } = await submit();
  expect((await decide(caseId, 'DATA', service)).code).toBe('FORBIDDEN');
  expect((await decide(caseId, 'CUSTOMER_SERVICE', service)).campaign?.status).toBe('IN_REVIEW');
  expect((await decide(caseId, 'CROWD', { id: newId('usr'), roles: ['ACCOUNTANT'] })).code).toBe('FORBIDDEN');
  expect((await decide(caseId, 'CROWD', undefined)).code).toBe('UNAUTHENTICATED');
});

test('a campaign that lacks something goes back, and comes again with all gates open', async () => {
  const { id, caseId } = await submit();
  await decide(caseId, 'DATA', reviewers[0]);
  expect((await decide(caseId, 'CROWD', reviewers[1], 'NEEDS_INFO')).campaign?.status).toBe('NEEDS_INFO');
  expect((await decide(caseId, 'CUSTOMER_SERVICE', reviewers[2])).userErrors).toMatchObject([
    { code: 'FORBIDDEN' },
  ]);
  expect((await change(id, 'RESUBMIT')).campaign?.status).toBe('SUBMITTED');
  const { data } = await campaigns.ask(
    'query ($id: ID!) { reviewCase(id: $id) { gates { kind state decidedBy { id } } } }',
    { id: caseId },
    reviewers[0],
  );
  const open = { state: 'OPEN', decidedBy: null };
  expect(data).toEqual({
    reviewCase: {
      gates: ['CROWD', 'CUSTOMER_SERVICE', 'DATA'].map((kind) => ({ kind, ...open })),
    },
  });
});

test('a gate that fails rejects for good; a withdrawn campaign is out of the queue', async () => {
  const rejected = await submit();
  expect((await decide(rejected.caseId, 'DATA', reviewers[0], 'FAILED')).campaign?.status).toBe('REJECTED');
  expect((await change(rejected.id, 'RESUBMIT')).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  const withdrawn = await submit();
  expect((await change(withdrawn.id, 'WITHDRAW')).campaign?.status).toBe('CLOSED');
  await expect(caseOf(campaigns, withdrawn.id)).rejects.toThrow('no case');
});

test('a title that reviewers have seen stays; a campaign is changed by its organiser alone', async () => {
  const { id, caseId } = await submit();
  const update = (campaignId: string, title: string, as: { id: string } | null) =>
    campaigns.ask<{ updateCampaign: CampaignAnswer }>(
      `mutation ($input: UpdateCampaignInput!) {
        updateCampaign(input: $input) { campaign { id status slug } userErrors { code field message } } }`,
      { input: { campaignId, title } },
      as,
    );
  expect((await update(id, 'New 新', organiser)).data.updateCampaign.userErrors).toEqual([]);
  expect((await update(id, 'Mine', { id: newId('usr') })).data.updateCampaign.userErrors).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
  await decide(caseId, 'DATA', reviewers[0]);
  expect((await update(id, 'Other', organiser)).data.updateCampaign.userErrors).toMatchObject([
    { code: 'FORBIDDEN' },
  ]);
  expect((await update('cmp_nonsense', 'Other', organiser)).data.updateCampaign.userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'campaignId'] },
  ]);
});

test('pausing, going on and ending are told to the other subgraphs, once each', async () => {
  const { id, caseId } = await submit();
  for (const [index, gate] of ['DATA', 'CUSTOMER_SERVICE', 'CROWD'].entries())
    await decide(caseId, gate, reviewers[index]);
  const statuses = [];
  for (const action of ['PAUSE', 'RESUME', 'END', 'RESUME'])
    statuses.push((await change(id, action)).campaign?.status ?? 'refused');
  expect(statuses).toEqual(['PAUSED', 'LIVE', 'ENDED', 'refused']);
  const own = await eventsAbout(campaigns, id, 4);
  expect(own.map(({ type }) => type)).toEqual([
    'campaign.live',
    'campaign.paused',
    'campaign.live',
    'campaign.ended',
  ]);
  expect(own[0]?.payload).toEqual({
    campaignId: id,
    organiserId: organiser?.id,
    beneficiaryId: null,
    kind: 'DREAM',
  });
});
