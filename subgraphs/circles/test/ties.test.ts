import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { newPerson, startCircles } from './support.ts';

const owner = newPerson();
const circles = await sharedByTests(startCircles());
const circleId = await circles.found(owner);

const ofCircle = `query ($id: ID!) { circle(id: $id) {
  backedCampaigns { nodes { campaign { id } } } stations { id } links { to { id } direction } } }`;

test('a campaign is backed while it takes gifts, which campaigns tells', async () => {
  const campaignId = newId('cmp');
  const back = (backing = true, as = owner) =>
    circles.codes('backCampaign', { circleId, campaignId, backing }, as);
  const told = (type: string) =>
    circles.tell('campaigns', type, { campaignId, organiserId: newId('usr'), kind: 'PERSONAL_HELP' });
  expect(await back()).toEqual(['NOT_FOUND']);
  await told('campaign.live');
  expect(await back(true, newPerson())).toEqual(['FORBIDDEN']);
  expect(await back()).toEqual([]);
  expect(await back()).toEqual([]);

  const answer = await circles.ask<{ circle: { backedCampaigns: unknown } }>(ofCircle, { id: circleId });
  expect(answer.data.circle.backedCampaigns).toEqual({ nodes: [{ campaign: { id: campaignId } }] });

  await told('campaign.ended');
  const other = await circles.found(owner);
  const late = { circleId: other, campaignId, backing: true };
  expect(await circles.codes('backCampaign', late, owner)).toEqual(['NOT_FOUND']);
  expect(await back(false)).toEqual([]);
  expect(await back(false)).toEqual([]);

  await expect
    .poll(() => circles.told('circle.backing_set'))
    .toMatchObject([
      { payload: { circleId, campaignId, backing: true } },
      { payload: { circleId, campaignId, backing: false } },
    ]);
});

test('a campaign shows its circles, the first who came at the head', async () => {
  const campaignId = newId('cmp');
  await circles.tell('campaigns', 'campaign.live', { campaignId });
  const backers: string[] = [];
  for (const _number of [1, 2, 3]) {
    const backer = await circles.found(owner);
    backers.push(backer);
    await circles.act('backCampaign', { circleId: backer, campaignId, backing: true }, owner);
  }
  const page = (after: string | null) =>
    circles.ask<{
      _entities: [{ supportingCircles: { nodes: { id: string }[]; pageInfo: { endCursor: string } } }];
    }>(
      `query ($representations: [_Any!]!, $after: String) { _entities(representations: $representations) {
        ... on Campaign { supportingCircles(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } } } }`,
      { representations: [{ __typename: 'Campaign', id: campaignId }], after },
    );
  const first = (await page(null)).data._entities[0].supportingCircles;
  const second = (await page(first.pageInfo.endCursor)).data._entities[0].supportingCircles;
  expect([...first.nodes, ...second.nodes].map(({ id }) => id)).toEqual(backers);
});

test('a station is linked by its instructor, as one of the team, and to one circle at a time', async () => {
  const instructor = newPerson();
  const stationId = newId('stn');
  const link = (as: { id: string }, to = circleId, linked = true) =>
    circles.codes('linkStation', { circleId: to, stationId, linked }, as);
  expect(await link(owner)).toEqual(['NOT_FOUND']);
  await circles.tell('courses', 'station.created', { stationId, instructorUserId: instructor.id });
  expect(await link(owner)).toEqual(['FORBIDDEN']);
  expect(await link(instructor)).toEqual(['FORBIDDEN']);
  await circles.act('joinCircle', { circleId }, instructor);
  const promotion = { circleId, userId: instructor.id, role: 'MODERATOR', reason: '老师' };
  await circles.act('setMember', promotion, owner);
  expect(await link(instructor)).toEqual([]);

  const station = async () => {
    const { data } = await circles.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Station { circle { id stations { id } } } } }`,
      { representations: [{ __typename: 'Station', id: stationId }] },
    );
    return data;
  };
  expect(await station()).toEqual({
    _entities: [{ circle: { id: circleId, stations: [{ id: stationId }] } }],
  });
  const own = await circles.found(instructor);
  expect(await link(instructor, own)).toEqual([]);
  expect(await station()).toEqual({ _entities: [{ circle: { id: own, stations: [{ id: stationId }] } }] });
  expect(await link(instructor, own, false)).toEqual([]);
  expect(await station()).toEqual({ _entities: [{ circle: null }] });
});

test('a circle links itself to another; to publish there one must act for both', async () => {
  const theirs = await circles.found(newPerson());
  const ours = await circles.found(owner);
  const link = (toId: string, direction: string | null, as = owner) =>
    circles.codes('linkCircles', { fromId: circleId, toId, direction }, as);
  expect(await link(theirs, 'SUBSCRIBES_TO', newPerson())).toEqual(['FORBIDDEN']);
  expect(await link(theirs, 'SUBSCRIBES_TO')).toEqual([]);
  expect(await link(theirs, 'PUBLISHES_TO')).toEqual(['FORBIDDEN']);
  expect(await link(ours, 'BOTH')).toEqual([]);
  expect(await link(circleId, 'BOTH')).toEqual(['INVALID_INPUT']);
  expect(await link(newId('cir'), 'SUBSCRIBES_TO')).toEqual(['NOT_FOUND']);
  const links = async () => {
    const { data } = await circles.ask<{ circle: { links: unknown } }>(ofCircle, { id: circleId });
    return data.circle.links;
  };
  expect(await links()).toEqual([
    { to: { id: theirs }, direction: 'SUBSCRIBES_TO' },
    { to: { id: ours }, direction: 'BOTH' },
  ]);
  expect(await link(theirs, null)).toEqual([]);
  expect(await links()).toEqual([{ to: { id: ours }, direction: 'BOTH' }]);
});
