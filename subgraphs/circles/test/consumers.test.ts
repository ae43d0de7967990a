import { newId } from '@banyan/kit/graphql';
import { createTestDatabase, startTestSubgraph, testConfig } from '@banyan/kit/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { migrations } from '../src/db/migrations/migrations.ts';

interface Told {
  cursor: string;
  id: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
  occurredAt: string;
}

/** A peer whose feed holds these events from the beginning on. */
async function startPeer(events: readonly Told[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://peer');
    asked.push(
      `${url.searchParams.get('types')} ${String(request.headers['banyan-signature'] !== undefined)}`,
    );
    const after = Number(url.searchParams.get('after')?.split('.')[0]);
    const news = events.filter(({ cursor }) => Number(cursor.split('.')[0]) > after);
    if (news.length === 0) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ events: news, cursor: news.at(-1)?.cursor }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('what peers told while this service was down is known after it came up, also after a second start', async () => {
  const [userId, campaignId, stationId] = [newId('usr'), newId('cmp'), newId('stn')];
  const tell = (type: string, payload: Record<string, unknown>, index: number): Told => ({
    cursor: `${index + 1}.1`,
    id: newId('evt'),
    type,
    subject: '',
    payload,
    occurredAt: new Date().toISOString(),
  });
  const users = await startPeer([
    tell('person.verified', { userId, realNameLevel: 'FOUR_FACTOR' }, 0),
    tell('trust.changed', { userId, band: 'GOOD' }, 1),
  ]);
  const campaigns = await startPeer([tell('campaign.live', { campaignId }, 0)]);
  const courses = await startPeer([tell('station.created', { stationId, instructorUserId: userId }, 0)]);
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
  expect(campaigns.asked[0]).toBe('campaign.live,campaign.paused,campaign.ended true');
  for (const peer of [users, campaigns, courses]) peer.stop();
  await database.drop();
});
