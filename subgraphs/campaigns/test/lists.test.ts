import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { newId } from '@banyan/kit/graphql';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { sweep } from '../src/domain/sweep.ts';
import { give } from './gifts.ts';
import { liveCampaign, startCampaigns } from './support.ts';

const donor = { id: newId('usr') };
const ids: string[] = [];
const campaigns = await sharedByTests(startCampaigns());
beforeAll(async () => {
  for (let number = 0; number < 6; number += 1) {
    const { id } = await liveCampaign(campaigns, {
      endsAt: new Date(Date.now() + (10 - number) * 86_400_000).toISOString(),
    });
    ids.push(id);
    await Promise.all([1, 2, 3].map(() => give(campaigns, id, {}, donor)));
  }
});

async function queriesOf(query: string, variables: Record<string, unknown> = {}): Promise<number> {
  const { result, queries } = await countQueries(campaigns.app.database, () =>
    campaigns.ask(query, variables, donor),
  );
  expect(result.errors).toBeUndefined();
  return queries;
}

test('a list of campaigns with totals and gifts costs three queries, however long it is', async () => {
  const query = `query ($first: Int) { campaigns(first: $first) { nodes {
    title totals { raised { minor } } donations(first: 5) { nodes { amount { minor } donor { id } } } } } }`;
  expect(await queriesOf(query, { first: 1 })).toBe(3);
  expect(await queriesOf(query, { first: 6 })).toBe(3);
});

test('one’s own gifts with their campaigns cost three queries, however many they are', async () => {
  const query = `query ($r: [_Any!]!, $first: Int) { _entities(representations: $r) { ... on Viewer {
    donations(first: $first) { nodes { state campaign { title totals { version } } } } } } }`;
  const r = [{ __typename: 'Viewer', id: donor.id }];
  expect(await queriesOf(query, { r, first: 1 })).toBe(3);
  expect(await queriesOf(query, { r, first: 18 })).toBe(3);
});

test('campaigns, organisers and donations that other subgraphs refer to come by one query a kind', async () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on Campaign { title statusHistory { status } } ... on User { campaigns(first: 2) { nodes { id } } } } }`;
  const some = (count: number) => [
    ...ids.slice(0, count).map((id) => ({ __typename: 'Campaign', id })),
    ...Array.from({ length: count }, () => ({ __typename: 'User', id: newId('usr') })),
  ];
  expect(await queriesOf(query, { r: some(1) })).toBe(3);
  expect(await queriesOf(query, { r: some(6) })).toBe(3);
});

test('a gift costs one query of ours beside the ledger’s: nothing is read again for the answer', async () => {
  const { queries } = await countQueries(campaigns.app.database, () =>
    give(campaigns, ids[0] ?? '', {}, donor),
  );
  expect(queries).toBe(1);
});

test('pages follow one another without gap or repeat, whatever the order', async () => {
  for (const sort of ['NEWEST', 'ENDING_SOON']) {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const {
        data,
      }: {
        data: {
          campaigns: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
        };
      } = await campaigns.ask(
        `query ($after: String, $sort: CampaignSort) { campaigns(first: 2, after: $after, sort: $sort) {
            nodes { id } pageInfo { endCursor hasNextPage } } }`,
        { after, sort },
      );
      seen.push(...data.campaigns.nodes.map(({ id }) => id));
      after = data.campaigns.pageInfo.hasNextPage ? data.campaigns.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids.toReversed());
  }
});

test('what ends soon does so until it has ended: no page of it changes with the clock alone', async () => {
  const { db } = campaigns.app.database;
  const { id } = await liveCampaign(campaigns, { endsAt: new Date(Date.now() + 3_600_000).toISOString() });
  await db
    .updateTable('campaigns')
    .set({ ends_at: new Date(Date.now() - 1_000) })
    .where('id', '=', id)
    .execute();
  const endingSoon = async (status: string | null) => {
    const { data } = await campaigns.ask<{ campaigns: { nodes: { id: string }[] } }>(
      `query ($status: CampaignStatus) { campaigns(status: $status, sort: ENDING_SOON) { nodes { id } } }`,
      { status },
    );
    return data.campaigns.nodes.map((campaign) => campaign.id);
  };
  const changes = async () => {
    const { rows } = await sql`select from changes where type = 'Campaign' and subject = ${id}`.execute(db);
    return rows.length;
  };
  for (const status of ['LIVE', null]) expect((await endingSoon(status))[0]).toBe(id);
  const before = await changes();
  await sweep(campaigns.app.services);
  expect(await changes()).toBe(before + 1);
  for (const status of ['LIVE', 'ENDED', null]) expect(await endingSoon(status)).not.toContain(id);
});
