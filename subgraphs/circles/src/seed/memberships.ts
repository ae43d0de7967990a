import {
  createRandom,
  instructors,
  people,
  personas,
  seedId,
  type Person,
  type Random,
  type SeedDay,
} from '@banyan/seed';
import { atLeast, realNameLevels } from '@banyan/vocabulary';
import type { MembershipRow } from '../db/memberships.ts';
import { reasonsFor } from '../domain/recommend.ts';
import type { CircleRole, MembershipState } from '../domain/words.ts';
import { answers } from './circle-texts.ts';
import type { SeedCircle } from './circles.ts';
import type { SeedStationLink } from './ties.ts';

export interface SeedMembership extends MembershipRow {
  readonly sinceDaysAgo: number;
  readonly person: Person;
}

/** Everybody is in about three circles, mostly in those that their interests lead to. */
export function seedMemberships(
  circles: readonly SeedCircle[],
  stationLinks: readonly SeedStationLink[],
  day: SeedDay,
): SeedMembership[] {
  const byPlace = new Map<string, SeedMembership>();
  const add = (circle: SeedCircle, person: Person, role: CircleRole, state: MembershipState) => {
    const place = `${circle.number}/${person.number}`;
    if (!byPlace.has(place)) byPlace.set(place, toMembership({ circle, person, role, state, day, place }));
  };
  const personAt = (number: number) => people[number - 1] as Person;

  for (const circle of circles) {
    add(circle, personAt(circle.owner), 'OWNER', 'ACTIVE');
    for (const helper of createRandom(`circles:team:${circle.number}`).sample(people.slice(20), 2))
      add(circle, helper, circle.number % 3 === 0 ? 'OPERATOR' : 'MODERATOR', 'ACTIVE');
  }
  for (const link of stationLinks) {
    const instructor = instructors[link.station - 1];
    if (instructor) add(link.circle, personAt(instructor.user), 'MODERATOR', 'ACTIVE');
  }
  const [first] = circles;
  const { donor, organiser, donorAbroad, learner } = personas;
  for (const { number } of [donor, organiser, donorAbroad, learner])
    if (first) add(first, personAt(number), 'MEMBER', 'ACTIVE');

  for (const person of people) {
    const random = createRandom(`circles:joins:${person.number}`);
    for (const circle of chosenBy(person, circles, random))
      add(circle, person, 'MEMBER', stateIn(circle, random));
  }
  return [...byPlace.values()];
}

/** Where the person's level of real name suffices: the better the match, the likelier. */
function chosenBy(person: Person, circles: readonly SeedCircle[], random: Random): SeedCircle[] {
  const chosen = new Set<SeedCircle>();
  const weighted = circles
    .filter((circle) => atLeast(realNameLevels, person.realNameLevel, circle.real_name_level))
    .map((circle) => [circle, attraction(circle, person)] as const);
  const wanted = person.number <= 20 ? 2 : random.int(1, 5);
  for (let attempt = 0; attempt < wanted; attempt += 1) chosen.add(random.weighted(weighted));
  return [...chosen];
}

function attraction(circle: SeedCircle, person: Person): number {
  const [best] = reasonsFor(circle, person.interests);
  const fame = circle.number === 1 ? 4 : 1 + 1 / circle.number;
  return fame * (0.15 + (best?.weight ?? 0) ** 2) * (circle.access === 'CLOSED' ? 0.3 : 1);
}

/** Few are silenced or gone; of those who come to a circle that decides, some still wait. */
function stateIn(circle: SeedCircle, random: Random): MembershipState {
  if (circle.access === 'APPLY' && random.chance(0.08)) return 'APPLIED';
  return random.weighted<MembershipState>([
    ['ACTIVE', 960],
    ['LEFT', 28],
    ['MUTED', 8],
    ['BANNED', 4],
  ]);
}

function toMembership(what: {
  circle: SeedCircle;
  person: Person;
  role: CircleRole;
  state: MembershipState;
  day: SeedDay;
  place: string;
}): SeedMembership {
  const { circle, person, role, state, day, place } = what;
  const random = createRandom(`circles:membership:${place}`);
  const longestAgo = Math.min(circle.createdDaysAgo, person.joinedDaysAgo) - 1;
  const ownDays = role === 'OWNER' ? circle.createdDaysAgo : random.int(2, Math.max(2, longestAgo));
  const sinceDaysAgo = state === 'APPLIED' ? random.int(1, 6) : ownDays;
  const since = role === 'OWNER' ? circle.created_at : day.at(-sinceDaysAgo, 8 + random.float() * 12);
  return {
    id: seedId('mbr', place),
    circle_id: circle.id,
    user_id: person.id,
    role,
    state,
    reason: reasonOf(state),
    answers: circle.join_questions.length > 0 && role === 'MEMBER' ? [...random.pick(answers)] : [],
    returns_muted: false,
    created_at: since,
    since,
    sinceDaysAgo,
    person,
  };
}

function reasonOf(state: MembershipState): string | null {
  if (state === 'MUTED') return '多次刷屏，禁言提醒。 Flooded the circle with messages.';
  return state === 'BANNED' ? '私下向成员推销。 Sold to members in private.' : null;
}
