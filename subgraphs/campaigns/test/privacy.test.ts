import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { give } from './gifts.ts';
import {
  caseOf,
  donor,
  key,
  liveCampaign,
  organiser,
  reviewers,
  startCampaigns,
  submitProject,
  type CampaignAnswer,
} from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const campaignId = (await liveCampaign(campaigns)).id;
const gift = (await give(campaigns, campaignId, { anonymous: true })).data.donate.donation;
const donationId = gift?.id ?? '';
const providerRef = gift?.payment?.providerRef ?? '';

const strangers = [null, { id: newId('usr') }, { id: newId('usr'), roles: ['REVIEWER', 'ACCOUNTANT'] }];
const entities = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Donation { id state message } ... on ReviewCase { id dueAt } ... on Campaign { id title } } }`;

test('a gift is its donor’s: a stranger who has the id gets nothing', async () => {
  const r = [{ __typename: 'Donation', id: donationId }];
  for (const as of strangers) {
    expect((await campaigns.ask(entities, { r }, as)).data).toEqual({ _entities: [null] });
    const { data } = await campaigns.ask(
      'query ($id: ID!) { donation(id: $id) { id } }',
      { id: donationId },
      as,
    );
    expect(data).toEqual({ donation: null });
  }
  expect((await campaigns.ask(entities, { r }, donor)).data).toMatchObject({
    _entities: [{ state: 'COUNTED' }],
  });
});

test('a key of somebody else’s leads nowhere', async () => {
  const query = 'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { id } }';
  const idempotencyKey = key();
  await give(campaigns, campaignId, { idempotencyKey });
  for (const as of strangers) {
    const { data } = await campaigns.ask(query, { c: campaignId, k: idempotencyKey }, as);
    expect(data).toEqual({ donationByKey: null });
  }
});

test('what is not public yet is seen by its organiser and by reviewers alone', async () => {
  const details = { title: 'Secret', story: 'Not yet', goal: { minor: '1', currency: 'CNY' } };
  const input = { kind: 'DREAM', details, idempotencyKey: key() };
  const submitted = await campaigns.ask<{ submitProject: CampaignAnswer }>(
    submitProject,
    { input },
    organiser,
  );
  const campaign = submitted.data.submitProject.campaign;
  const caseId = await caseOf(campaigns, campaign?.id ?? '');
  const r = [
    { __typename: 'Campaign', id: campaign?.id },
    { __typename: 'Campaign', slug: campaign?.slug },
    { __typename: 'ReviewCase', id: caseId },
  ];
  for (const as of [null, donor]) {
    expect((await campaigns.ask(entities, { r }, as)).data).toEqual({ _entities: [null, null, null] });
  }
  const own = await campaigns.ask(entities, { r }, organiser);
  expect(own.data).toMatchObject({ _entities: [{ title: 'Secret' }, { title: 'Secret' }, null] });
  const reviewer = await campaigns.ask(entities, { r }, reviewers[0]);
  expect(reviewer.data).toMatchObject({
    _entities: [{ title: 'Secret' }, { title: 'Secret' }, { id: caseId }],
  });
  const listed = await campaigns.ask<{ campaigns: { nodes: unknown[] } }>(
    '{ campaigns(status: SUBMITTED) { nodes { id } } }',
  );
  expect(listed.data.campaigns.nodes).toEqual([]);
});

test('donor service finds a gift by any reference, says why, and is on record', async () => {
  const query =
    'query ($ref: String!) { tracePayment(reference: $ref, reason: "the donor asks") { id state } }';
  const clerk = { id: newId('usr'), roles: ['CUSTOMER_SERVICE'] };
  for (const ref of [donationId, providerRef]) {
    const { data } = await campaigns.ask(query, { ref }, clerk);
    expect(data).toEqual({ tracePayment: { id: donationId, state: 'COUNTED' } });
  }
  expect((await campaigns.ask(query, { ref: 'nothing' }, clerk)).data).toEqual({ tracePayment: null });
  const audits = await campaigns.app.database.db.selectFrom('audit_log').selectAll().execute();
  expect(audits.map(({ actor_id: actor, subject, reason }) => [actor, subject, reason])).toEqual(
    [donationId, providerRef, 'nothing'].map((subject) => [clerk.id, subject, 'the donor asks']),
  );
  for (const as of [null, donor, { id: newId('usr'), roles: ['REVIEWER'] }]) {
    const refused = await campaigns.ask(query, { ref: donationId }, as);
    expect(refused.errors?.[0]?.extensions.code).toBe(as === null ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  }
});

test('a trace without a reason is refused', async () => {
  const clerk = { id: newId('usr'), roles: ['ACCOUNTANT'] };
  const { errors } = await campaigns.ask(
    'query ($ref: String!) { tracePayment(reference: $ref, reason: "  ") { id } }',
    { ref: donationId },
    clerk,
  );
  expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});

test('facts and postings name nobody, and the service cannot change them', async () => {
  const { db } = campaigns.app.database;
  for (const table of ['intents', 'payment_facts', 'ledger.transfers'] as const) {
    const rows = await db.selectFrom(table).selectAll().execute();
    const text = JSON.stringify(rows, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toContain(donor?.id);
  }
  await expect(db.updateTable('intents').set({ amount: 1n }).execute()).rejects.toThrow('permission denied');
  await expect(db.deleteFrom('payment_facts').execute()).rejects.toThrow('permission denied');
});

test.each(['', 'x', '\0', 'cmp_\0', '../..', 'é', 'x'.repeat(5_000)])(
  'nothing is found under "%s"',
  async (id) => {
    const { data, errors } = await campaigns.ask(
      `query ($id: ID!, $s: String!) {
      campaign(id: $id) { id } bySlug: campaign(slug: $s) { id } donation(id: $id, guestToken: $s) { id }
      donationByKey(campaignId: $id, idempotencyKey: $s, guestToken: $s) { id } reviewCase(id: $id) { id } }`,
      { id, s: id },
      reviewers[0],
    );
    expect(errors).toBeUndefined();
    expect(Object.values(data)).toEqual([null, null, null, null, null]);
  },
);

test.each(['garbage', 'W10', ''])('a cursor that is none ("%s") is refused', async (after) => {
  const { errors } = await campaigns.ask(
    'query ($id: ID!, $after: String) { campaign(id: $id) { donations(after: $after) { nodes { createdAt } } } }',
    { id: campaignId, after },
  );
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
