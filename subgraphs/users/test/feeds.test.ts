import { newId } from '@banyan/kit/graphql';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsers, type UsersUnderTest } from './support.ts';

interface PeerEvent {
  type: string;
  payload: Record<string, unknown>;
}

let users: UsersUnderTest;
let peer: Server;
const events: PeerEvent[] = [];
const asked = new Set<string>();
let isDown = false;
let refused = 0;

/** A peer's feed, as far as a follower sees it. */
beforeAll(async () => {
  peer = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://peer');
    asked.add(url.searchParams.get('types') ?? '');
    if (isDown) {
      refused += 1;
      response.writeHead(503).end();
      return;
    }
    const from = Number((url.searchParams.get('after') ?? '0.0').split('.')[1]);
    const page = events.slice(from).map((event, index) => ({
      ...event,
      cursor: `1.${from + index + 1}`,
      id: newId('evt'),
      subject: '',
      occurredAt: new Date().toISOString(),
    }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ events: page, cursor: `${events.length > 0 ? 1 : 0}.${events.length}` }));
  });
  await new Promise<void>((resolve) => {
    peer.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  users = await startUsers({ peerUrls: { campaigns: url, courses: url, circles: url } });
});
afterAll(async () => {
  await users.stop();
  peer.closeAllConnections();
  peer.close();
});

test('what peers tell is followed by itself, also after a peer was down', async () => {
  const me = await users.person();
  const score = async () => {
    const { data } = await users.ask<{ me: { trust: { score: number } } }>(
      '{ me { trust { score } } }',
      {},
      me,
    );
    return data.me.trust.score;
  };
  const gift = () => ({ type: 'donation.counted', payload: { campaignId: newId('cmp'), userId: me.id } });
  events.push(gift());
  await expect.poll(score, { timeout: 10_000 }).toBe(32);
  isDown = true;
  events.push(gift(), gift());
  await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(3);
  isDown = false;
  await expect.poll(score, { timeout: 15_000 }).toBe(36);
  expect([...asked].toSorted((a, b) => a.localeCompare(b))).toEqual([
    'circle.joined,circle.left',
    'donation.counted,campaign.live,campaign.paused,campaign.ended',
    'enrolment.created,enrolment.promoted,praise.given',
  ]);
});
