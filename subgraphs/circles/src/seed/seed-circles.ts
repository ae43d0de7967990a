import { insertMany } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import { seedId, type SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { BackingRow } from '../db/backings.ts';
import type { Database } from '../db/database.ts';
import type { PostRow } from '../db/posts.ts';
import { belongs } from '../domain/belonging.ts';
import { seedCircleRows, type SeedCircle } from './circles.ts';
import { seedMemberships, type SeedMembership } from './memberships.ts';
import { seedPostsOf } from './posts.ts';
import { seedBackings, seedCircleLinks, seedStationLinks, stationLinkRows } from './ties.ts';

/** The circles of the cast with all that is in them, and the events that others learn it from. */
export async function seedCircles(db: Kysely<Database>, day: SeedDay): Promise<void> {
  const circles = seedCircleRows(day);
  const stationLinks = seedStationLinks(circles);
  const memberships = seedMemberships(circles, stationLinks, day);
  const backings = seedBackings(circles, day);
  const ofCircle = Map.groupBy(memberships, (membership) => membership.circle_id);
  const said = circles.map((circle) => seedPostsOf(circle, ofCircle.get(circle.id) ?? [], day));
  const posts = said.flatMap((each) => each.posts);

  await insertMany(
    db,
    'circles',
    circles.map((circle) => toCircleRow(circle, ofCircle.get(circle.id) ?? [])),
  );
  await insertMany(db, 'memberships', memberships.map(toMembershipRow));
  await insertMany(db, 'station_links', stationLinkRows(stationLinks, day));
  await insertMany(db, 'circle_links', seedCircleLinks(circles, day));
  await insertMany(db, 'backings', backings);
  await insertMany(db, 'posts', posts);
  await insertMany(
    db,
    'reactions',
    said.flatMap((each) => each.reactions),
  );
  await insertMany(db, 'moderation_log', moderationOf(circles, memberships, posts));
  await insertMany(db, 'outbox', eventsOf(circles, memberships, backings));
}

function toCircleRow(seeded: SeedCircle, memberships: readonly SeedMembership[]) {
  const { number: _number, owner: _owner, createdDaysAgo: _days, ...row } = seeded;
  return { ...row, member_count: BigInt(memberships.filter(belongs).length) };
}

function toMembershipRow(seeded: SeedMembership) {
  const { sinceDaysAgo: _days, person: _person, ...row } = seeded;
  return row;
}

/** What stands hidden, silenced or banned was so made by the circle's owner, for a reason. */
function moderationOf(
  circles: readonly SeedCircle[],
  memberships: readonly SeedMembership[],
  posts: readonly PostRow[],
) {
  const founders = new Map(circles.map((circle) => [circle.id, circle.founder_id]));
  const entry = (circleId: string, action: string, subject: string, reason: string, at: Date) => ({
    id: seedId('mod', `${circleId}/${subject}`),
    circle_id: circleId,
    by_user_id: founders.get(circleId) ?? '',
    action,
    subject,
    reason,
    created_at: at,
  });
  return [
    ...posts.flatMap(({ circle_id: circleId, id, hidden_reason: reason, created_at: at }) =>
      reason === null ? [] : [entry(circleId, 'HIDE', id, reason, at)],
    ),
    ...memberships.flatMap(({ circle_id: circleId, user_id: userId, state, reason, since }) =>
      reason === null ? [] : [entry(circleId, `STATE_${state}`, userId, reason, since)],
    ),
  ];
}

/** Dated as what they tell, so that whoever weighs them by age weighs them rightly. */
function eventsOf(
  circles: readonly SeedCircle[],
  memberships: readonly SeedMembership[],
  backings: readonly BackingRow[],
) {
  const themes = new Map(circles.map((circle) => [circle.id, circle.theme]));
  const event = (type: string, circleId: string, payload: object, at: Date) => ({
    id: newId('evt'),
    type,
    subject: circleId,
    payload: JSON.stringify({ ...payload, circleId }),
    occurred_at: at,
  });
  return [
    ...memberships
      .filter(belongs)
      .map(({ circle_id: circleId, user_id: userId, since }) =>
        event('circle.joined', circleId, { userId, theme: themes.get(circleId) }, since),
      ),
    ...backings.map(({ circle_id: circleId, campaign_id: campaignId, since }) =>
      event('circle.backing_set', circleId, { campaignId, backing: true }, since),
    ),
  ].toSorted((a, b) => a.occurred_at.getTime() - b.occurred_at.getTime());
}
