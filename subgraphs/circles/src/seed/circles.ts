import {
  circles,
  createRandom,
  organisationOf,
  personas,
  personOf,
  type CastCircle,
  type SeedDay,
} from '@banyan/seed';
import type { RealNameLevel } from '@banyan/vocabulary';
import type { CircleRow } from '../db/circles.ts';
import { tagsOf, trustCurrencyOf } from '../domain/circle-words.ts';
import type { CircleAccess, TrustCurrency } from '../domain/words.ts';
import { questions, textsOf } from './circle-texts.ts';

/** A circle of the seed, before anybody is counted in it. */
export type SeedCircle = Omit<CircleRow, 'member_count' | 'searched'> & {
  readonly number: number;
  /** Number of the person who owns it. */
  readonly owner: number;
  readonly createdDaysAgo: number;
};

/** All circles of the cast, in order of their numbers. */
export function seedCircleRows(day: SeedDay): SeedCircle[] {
  const seenOfTheme = new Map<string, number>();
  return circles.map((circle) => {
    const index = seenOfTheme.get(circle.theme) ?? 0;
    seenOfTheme.set(circle.theme, index + 1);
    return toRow(circle, index, day);
  });
}

function toRow(circle: CastCircle, index: number, day: SeedDay): SeedCircle {
  const random = createRandom(`circles:${circle.number}`);
  const texts = textsOf(circle.theme, index);
  const owner =
    'user' in circle.operator ? circle.operator.user : organisationOf(circle.operator.organisation).owner;
  const createdDaysAgo = circle.number === 1 ? 395 : random.int(60, 390);
  const access = accessOf(circle, random.float());
  return {
    number: circle.number,
    owner,
    createdDaysAgo,
    id: circle.id,
    ...texts,
    theme: circle.theme,
    access,
    operator_user_id: 'user' in circle.operator ? personOf(owner).id : null,
    operator_organisation_id:
      'organisation' in circle.operator ? organisationOf(circle.operator.organisation).id : null,
    trust_currency: trustOf(circle, random.chance(0.3)),
    tags: tagsOf(texts),
    real_name_level: levelOf(circle, random.float()),
    trust_band: circle.theme === 'CREDIT_LIVING' && random.chance(0.4) ? 'FAIR' : null,
    join_questions: access === 'APPLY' ? [...questions] : [],
    founder_id: personOf(owner).id,
    idempotency_key: `seed-${circle.number}`,
    input_fingerprint: 'seed',
    created_at: day.at(-createdDaysAgo, 9 + random.int(0, 10)),
  };
}

function accessOf(circle: CastCircle, chance: number): CircleAccess {
  if (circle.number === 1) return 'PUBLIC_READ';
  if (circle.theme === 'WEALTH') return 'APPLY';
  if (chance < 0.62) return 'PUBLIC_READ';
  if (chance < 0.86) return 'APPLY';
  return chance < 0.95 ? 'INVITE_ONLY' : 'CLOSED';
}

function levelOf(circle: CastCircle, chance: number): RealNameLevel {
  if (circle.theme === 'WEALTH') return 'THREE_FACTOR';
  if (circle.number === 1 || chance < 0.6) return 'NONE';
  return chance < 0.9 ? 'TWO_FACTOR' : 'THREE_FACTOR';
}

function trustOf(circle: CastCircle, isNeighbourly: boolean): TrustCurrency[] {
  const trust = new Set(trustCurrencyOf(circle.theme));
  if (isNeighbourly) trust.add('NEIGHBOURHOOD');
  if (circle.operator && 'user' in circle.operator && circle.operator.user === personas.circleOperator.number)
    trust.add('KINSHIP');
  return [...trust];
}
