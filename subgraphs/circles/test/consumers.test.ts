import { newId } from '@banyan/kit/graphql';
import {
  createTestDatabase,
  createTestFeed,
  serveTestFeed,
  startTestSubgraph,
  testConfig,
} from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { migrations } from '../src/db/migrations/migrations.ts';

/** A peer that has told this before anybody follows it. */
function startPeer(...told: [type: string, payload: Record<string, unknown>][]) {
  const feed = createTestFeed();
  for (const [type, payload] of told) feed.tell(type, payload);
  return serveTestFeed(feed.pageAfter);
}

test('what peers told while this service was down is known after it came up, also after a second start', async () => {
  const [userId, campaignId, stationId] = [newId('usr'), newId('cmp'), newId('stn')];
  const users = await startPeer(
    ['person.verified', { userId, realNameLevel: 'FOUR_FACTOR' }],
    ['trust.changed', { userId, band: 'GOOD' }],
  );
  const campaigns = await startPeer(['campaign.live', { campaignId }]);
  const courses = await startPeer(['station.created', { stationId, instructorUserId: userId }]);
  const database = await createTestDatabase({ name: 'circles', migrations });
  const config = {
    ...testConfig({ databaseUrl: database.url }),
    PEER_URLS: { users: users.url, campaigns: campaigns.url, courses: courses.url },
  };

  const known = async (app: ReturnType<typeof createApp>) => {
    const { db } = app.database;
    return {
      people: await db.selectFrom('known_people').selectAll().execute(),
      campaigns: await db.selectFrom('known_campaigns').selectAll().execute(),
      stations: await db.selectFrom('known_stations').selectAll().execute(),
    };
  };
  for (const _start of [1, 2]) {
    const app = createApp(config);
    const running = await startTestSubgraph('circles', app);
    await expect
      .poll(() => known(app), { timeout: 5_000 })
      .toEqual({
        people: [{ id: userId, real_name_level: 'FOUR_FACTOR', trust_band: 'GOOD' }],
        campaigns: [{ id: campaignId, status: 'LIVE' }],
        stations: [{ id: stationId, instructor_user_id: userId }],
      });
    await running.stop();
  }
  expect(campaigns.asked[0]).toEqual({
    types: 'campaign.live,campaign.paused,campaign.ended',
    isSigned: true,
  });
  for (const peer of [users, campaigns, courses]) await peer.stop();
  await database.drop();
});
