import { sharedByTests } from '@banyan/kit/testing';
import { audit } from '@banyan/ledger';
import { hotCampaign } from '@banyan/seed';
import { sql } from 'kysely';
import { beforeAll, expect, test, vi } from 'vitest';
import { startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
beforeAll(async () => {
  vi.stubEnv('DATABASE_OWNER_URL', campaigns.world.ownerUrl);
  vi.stubEnv('LOG_LEVEL', 'silent');
  // The program as it is run: it seeds, and tells the planner of it.
  await import('../src/seed.ts');
  vi.unstubAllEnvs();
});

test('the books of the seed balance', async () => {
  expect(await audit(campaigns.app.database.db)).toEqual([]);
});

test('the hot campaign is live, with thousands of gifts, and found by words of either language', async () => {
  const { data } = await campaigns.ask(`{
    campaign(slug: "${hotCampaign.slug}") { status totals { donationCount } donations(first: 2) { nodes { createdAt } } }
    chinese: campaigns(search: "骨髓移植 志强", first: 1) { nodes { slug } }
    english: campaigns(search: "zhiqiang transplant", first: 1) { nodes { slug } }
    ending: campaigns(sort: ENDING_SOON, first: 3) { nodes { endsAt } }
  }`);
  expect(data).toMatchObject({
    campaign: { status: 'LIVE', totals: { donationCount: '2000' } },
    chinese: { nodes: [{ slug: hotCampaign.slug }] },
    english: { nodes: [{ slug: hotCampaign.slug }] },
  });
});

test('a page of the hot campaign’s gifts is read by its place, not by reading and sorting them all', async () => {
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    explain select * from unnest(${[hotCampaign.id]}::text[]) as parent (key) cross join lateral (
      select * from public_donations where campaign_id = parent.key order by version desc, ordinal desc limit 6
    ) page`.execute(campaigns.app.database.db);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index Scan Backward using transfers_place');
  expect(plan).not.toContain('Sort');
});
