import type { SubscriptionLine } from '@banyan/kit/hop';
import { sharedByTests, type TestStream } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { give } from './gifts.ts';
import { liveCampaign, organiser, startCampaigns, submitProject, type CampaignAnswer } from './support.ts';

const changed = `subscription ($id: ID!) {
  campaignTotalsChanged(campaignId: $id) { id title totals { donationCount version } } }`;

interface Told {
  campaignTotalsChanged: { title: string; totals: { donationCount: string; version: string } };
}

const campaigns = await sharedByTests(startCampaigns());
const { world } = campaigns;

function totalsIn(line: SubscriptionLine | undefined) {
  if (line?.kind !== 'next') throw new Error(JSON.stringify(line));
  const { data } = line.response as { data: Told };
  return { stated: line.version, ...data.campaignTotalsChanged.totals };
}

/** Reads on until the campaign has so many gifts; gives the versions on the way. */
async function readUntil(stream: TestStream, donationCount: string): Promise<bigint[]> {
  const versions: bigint[] = [];
  for (;;) {
    const totals = totalsIn(await stream.next());
    expect(totals.version).toBe(totals.stated);
    versions.push(BigInt(totals.version));
    if (totals.donationCount === donationCount) return versions;
  }
}

test('a subscriber gets the totals as they are, and those with each gift soon after it', async () => {
  const { id } = await liveCampaign(campaigns);
  const stream = await campaigns.subscribe(changed, { id });
  expect(totalsIn(await stream.next()).donationCount).toBe('0');
  await give(campaigns, id);
  expect(totalsIn(await stream.next()).donationCount).toBe('1');
  stream.end();
});

test('gifts that another process counts are told as well, and versions only grow', async () => {
  const { id } = await liveCampaign(campaigns);
  const other = await world.start();
  const stream = await campaigns.subscribe(changed, { id });
  await stream.next();
  await Promise.all(Array.from({ length: 30 }, (_gift, index) => give(index % 2 ? other : campaigns, id)));
  const versions = await readUntil(stream, '30');
  expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => Number(a - b)));
  stream.end();
  await other.stop();
});

test('without Redis, what another process counts is told as well', async () => {
  const { id } = await liveCampaign(campaigns);
  const withoutRedis = { REDIS_URL: undefined };
  const [here, there] = await Promise.all([world.start({}, withoutRedis), world.start({}, withoutRedis)]);
  const stream = await here.subscribe(changed, { id });
  await stream.next();
  await give(there, id);
  expect(totalsIn(await stream.next()).donationCount).toBe('1');
  stream.end();
  await Promise.all([here.stop(), there.stop()]);
});

test('a campaign that is not public is followed by its organiser alone', async () => {
  const details = { title: '秘密 Secret', story: '还没有公开。', goal: { minor: '1000', currency: 'CNY' } };
  const input = { kind: 'DREAM', details, idempotencyKey: crypto.randomUUID() };
  const { data } = await campaigns.ask<{ submitProject: CampaignAnswer }>(
    submitProject,
    { input },
    organiser,
  );
  const id = data.submitProject.campaign?.id;
  const own = await campaigns.subscribe(changed, { id }, organiser);
  expect(totalsIn(await own.next())).toMatchObject({ donationCount: '0', version: '0' });
  own.end();
  const strange = await campaigns.subscribe(changed, { id });
  expect(await strange.next()).toMatchObject({
    kind: 'end',
    reason: 'refused',
    response: { data: null, errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  });
});

test.each([
  ['a campaign that there is not', changed, { id: 'cmp_nothing' }, 'NOT_FOUND'],
  ['something that is no id', changed, { id: 'cmp_\0' }, 'NOT_FOUND'],
  ['a field that there is not', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a value that is none',
    'subscription { campaignTotalsChanged(campaignId: "cmp_1") { totals(minVersion: "few") { version } } }',
    {},
    'BAD_USER_INPUT',
  ],
  ['a query', '{ campaigns { nodes { id } } }', {}, 'BAD_REQUEST'],
  ['nonsense', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
  ['no campaign', changed, {}, 'BAD_USER_INPUT'],
])('a subscription for %s ends at once and says why', async (_what, query, variables, code) => {
  const stream = await campaigns.subscribe(query, variables);
  expect(await stream.next()).toMatchObject({
    kind: 'end',
    reason: 'refused',
    response: { errors: [{ extensions: { code } }] },
  });
});

test('a process that ends tells its subscribers to go on elsewhere', async () => {
  const ending = await world.start();
  const { id } = await liveCampaign(campaigns);
  const stream = await ending.subscribe(changed, { id });
  await stream.next();
  const stopped = ending.stop();
  expect(await stream.next()).toEqual({ kind: 'end', reason: 'drain' });
  await stopped;
});
