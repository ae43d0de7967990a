import { inTransaction } from '@banyan/kit/database';
import { appendEvents, createConsumer, readFeed } from '@banyan/kit/events';
import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { realNameLevels } from '@banyan/vocabulary';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignsHandlers } from '../src/consumers/campaigns.ts';
import { trustOf, type TrustRecord } from '../src/domain/trust.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());

const nothing: TrustRecord = {
  realNameLevel: 'NONE',
  relatives: 0,
  campaigns: 0,
  courses: 0,
  admirers: 0,
  circles: 0,
};
const trust = async (as: { id: string }) => {
  const { data } = await users.ask<{
    me: {
      trust: {
        score: number;
        band: string;
        signals: { kind: string; points: number; explanation: string }[];
      };
    };
  }>('{ me { trust { score band asOf signals { id kind points explanation createdAt } } } }', {}, as);
  return data.me.trust;
};
const bandOf = async ({ id }: { id: string }) => {
  const { data } = await users.ask<{ user: { trustBand: string } }>(
    'query ($id: ID!) { user(id: $id) { trustBand } }',
    { id },
  );
  return data.user.trustBand;
};
const changes = async ({ id }: { id: string }) =>
  (await users.told(id)).filter(({ type }) => type === 'trust.changed').map(({ payload }) => payload);

test('the score is the sum of its signals, 0 to 100, and more of anything never lowers it', () => {
  const record = fc.record({
    realNameLevel: fc.constantFrom(...realNameLevels),
    relatives: fc.nat(9),
    campaigns: fc.nat(999),
    courses: fc.nat(999),
    admirers: fc.nat(999),
    circles: fc.nat(999),
  });
  const counts = ['relatives', 'campaigns', 'courses', 'admirers', 'circles'] as const;
  fc.assert(
    fc.property(record, fc.constantFrom(...counts), (some, more) => {
      const { score, signals } = trustOf(some);
      expect(score).toBe(signals.reduce((sum, { points }) => sum + points, 0));
      expect(score).toBeLessThanOrEqual(100);
      expect(trustOf({ ...some, [more]: some[more] + 1 }).score).toBeGreaterThanOrEqual(score);
    }),
  );
});

test('bands are as published', () => {
  expect(trustOf(nothing)).toMatchObject({ score: 30, band: 'FAIR' });
  expect(trustOf({ ...nothing, realNameLevel: 'FOUR_FACTOR' })).toMatchObject({ score: 46, band: 'FAIR' });
  expect(trustOf({ ...nothing, realNameLevel: 'FACE_LIVENESS' })).toMatchObject({ score: 50, band: 'GOOD' });
  const much = { relatives: 9, campaigns: 99, courses: 99, admirers: 99, circles: 99 };
  expect(trustOf({ realNameLevel: 'FACE_LIVENESS', ...much })).toMatchObject({ score: 100, band: 'HIGH' });
  expect(trustOf({ realNameLevel: 'NONE', ...much })).toMatchObject({ score: 80, band: 'FAIR' });
});

test('a score is explained signal by signal, in the language of the reader', async () => {
  const me = await users.person();
  expect(await trust(me)).toMatchObject({
    score: 30,
    band: 'FAIR',
    signals: [{ kind: 'START', points: 30 }],
  });
  const campaign = newId('cmp');
  const gift = (campaignId: string) => ({ donationId: newId('don'), campaignId, userId: me.id });
  await users.tell('campaigns', 'donation.counted', gift(campaign));
  await users.tell('campaigns', 'donation.counted', gift(campaign));
  await users.tell('campaigns', 'donation.counted', gift(newId('cmp')));
  await users.tell('campaigns', 'donation.counted', { ...gift(campaign), userId: null });
  const enrolment = { userId: me.id, courseId: newId('crs'), craft: 'DANCE', state: 'ENROLLED' };
  await users.tell('courses', 'enrolment.created', enrolment);
  const praise = { fromUserId: newId('usr'), toUserId: me.id };
  await users.tell('courses', 'praise.given', { ...praise, postId: newId('pst') });
  await users.tell('courses', 'praise.given', { ...praise, postId: newId('pst') });
  const circle = { userId: me.id, circleId: newId('cir'), theme: 'FITNESS' };
  await users.tell('circles', 'circle.joined', circle);
  const { score, signals } = await trust(me);
  expect(signals.map(({ kind, points }) => [kind, points])).toEqual([
    ['START', 30],
    ['GIVING', 4],
    ['LEARNING', 2],
    ['PRAISE', 1],
    ['BELONGING', 2],
  ]);
  expect(score).toBe(39);
  expect(signals[1]?.explanation).toBe('You gave to 2 campaigns; the amount does not matter.');

  await users.tell('circles', 'circle.left', circle);
  expect((await trust(me)).score).toBe(37);
});

test('a band that changes is told once, and the public sees it', async () => {
  const me = await users.person();
  await users.app.database.db
    .updateTable('people')
    .set({ real_name_level: 'FOUR_FACTOR' })
    .where('id', '=', me.id)
    .execute();
  for (let given = 0; given < 2; given += 1)
    await users.tell('campaigns', 'donation.counted', { campaignId: newId('cmp'), userId: me.id });
  await expect.poll(() => bandOf(me), { timeout: 5_000 }).toBe('GOOD');
  await users.tell('campaigns', 'donation.counted', { campaignId: newId('cmp'), userId: me.id });
  await expect
    .poll(async () => (await users.app.database.db.selectFrom('trust_due').selectAll().execute()).length, {
      timeout: 5_000,
    })
    .toBe(0);
  expect(await changes(me)).toEqual([{ userId: me.id, band: 'GOOD' }]);
});

test('an event has one effect, also when a feed is read again from its beginning', async () => {
  const me = await users.person();
  const { db } = users.app.database;
  const gifts = Array.from({ length: 3 }, () => ({
    type: 'donation.counted',
    subject: newId('don'),
    payload: { campaignId: newId('cmp'), userId: me.id },
  }));
  await inTransaction(db, (trx) => appendEvents(trx, gifts));
  const consumer = createConsumer({
    db,
    feed: 'replayed',
    handlers: campaignsHandlers,
    log: users.app.log,
    fetchPage: (after) => readFeed(db, { after, limit: 2, types: Object.keys(campaignsHandlers) }),
  });
  const points = async () => {
    await consumer.drain();
    return (await trust(me)).score;
  };
  await expect.poll(points, { timeout: 10_000 }).toBe(36);
  await db.updateTable('feed_cursors').set({ cursor: '0.0' }).where('feed', '=', 'replayed').execute();
  expect(await points()).toBe(36);
  await consumer.stop();
});

test('a fact about somebody who is not here holds nobody up', async () => {
  const stranger = newId('usr');
  await users.tell('campaigns', 'donation.counted', { campaignId: newId('cmp'), userId: stranger });
  const at = { campaignId: newId('cmp'), organiserId: stranger, kind: 'DREAM' };
  await users.tell('campaigns', 'campaign.live', at);
  await users.tell('courses', 'praise.given', {
    fromUserId: stranger,
    toUserId: stranger,
    postId: newId('pst'),
  });
  await expect
    .poll(async () => (await users.app.database.db.selectFrom('trust_due').selectAll().execute()).length, {
      timeout: 5_000,
    })
    .toBe(0);
});

test('confirmed relatives and a verified name count', async () => {
  const [one, other] = [await users.person(), await users.person()];
  const { relative } = await users.act<{ relative: { id: string } }>(
    'requestRelative',
    { phone: other.phone, relation: 'SPOUSE' },
    one,
    'relative { id }',
  );
  await users.act('confirmRelative', { relativeId: relative.id, accept: true }, other);
  expect((await trust(one)).score).toBe(34);
  expect((await trust(other)).score).toBe(34);
  await users.act('confirmRelative', { relativeId: relative.id, accept: false }, other);
  expect((await trust(one)).score).toBe(30);
});
