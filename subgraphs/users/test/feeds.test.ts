import { newId } from '@banyan/kit/graphql';
import { createTestFeed, serveTestFeed, sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { startUsers } from './support.ts';

const feed = createTestFeed();
let isDown = false;
let refused = 0;
const peer = await sharedByTests(
  serveTestFeed((after) => {
    if (isDown) refused += 1;
    return isDown ? null : feed.pageAfter(after);
  }),
);
const { url } = peer;
const users = await sharedByTests(startUsers({ peerUrls: { campaigns: url, courses: url, circles: url } }));

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
  const give = () => {
    feed.tell('donation.counted', { campaignId: newId('cmp'), userId: me.id });
  };
  give();
  await expect.poll(score, { timeout: 10_000 }).toBe(32);
  isDown = true;
  give();
  give();
  await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(3);
  isDown = false;
  await expect.poll(score, { timeout: 15_000 }).toBe(36);
  const asked = new Set(peer.asked.map(({ types }) => types));
  expect([...asked].toSorted((a, b) => a.localeCompare(b))).toEqual([
    'circle.joined,circle.left',
    'donation.counted,campaign.live,campaign.paused,campaign.ended',
    'enrolment.created,enrolment.promoted,praise.given',
  ]);
});
