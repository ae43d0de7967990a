import { sharedByTests } from '@banyan/kit/testing';
import { castId, personas, personOf } from '@banyan/seed';
import { circleThemes, crafts } from '@banyan/vocabulary';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rank, reasonsFor, searchFor } from '../src/domain/recommend.ts';
import { startCircles } from './support.ts';

const circles = await sharedByTests(startCircles({ seeded: true }));

const query = /* GraphQL */ `
  query ($representations: [_Any!]!, $first: Int) {
    _entities(representations: $representations) {
      ... on Viewer {
        recommendedCircles(first: $first) {
          circle {
            id
            name
            theme
            access
            requires {
              realNameLevel
            }
            myMembership {
              state
            }
          }
          why {
            tag
            weight
          }
        }
      }
    }
  }
`;
interface Recommended {
  circle: {
    name: string;
    theme: string;
    access: string;
    requires: { realNameLevel: string };
    myMembership: unknown;
  };
  why: { tag: string; weight: number }[];
}
const donor = { id: castId('user', personas.donor.number) };

async function recommended(matchingTags: string[] | null, first = 10): Promise<Recommended[]> {
  const { data } = await circles.ask<{ _entities: [{ recommendedCircles: Recommended[] }] }>(
    query,
    { representations: [{ __typename: 'Viewer', id: donor.id, matchingTags }], first },
    donor,
  );
  return data._entities[0].recommendedCircles;
}

test('circles are recommended by what a person likes, each with its reasons', async () => {
  const found = await recommended(['VOCAL', 'interest:YOGA']);
  expect(found).toHaveLength(10);
  for (const { circle, why } of found) {
    expect(why.length).toBeGreaterThan(0);
    for (const { tag } of why) expect(['VOCAL', 'interest:YOGA']).toContain(tag);
    expect(['PUBLIC_READ', 'APPLY']).toContain(circle.access);
    expect(circle.myMembership).toBeNull();
    // Nothing is known of the donor's real name here.
    expect(circle.requires.realNameLevel).toBe('NONE');
  }
  const sums = found.map(({ why }) => why.reduce((sum, { weight }) => sum + weight, 0));
  expect(sums).toEqual(sums.toSorted((a, b) => b - a));
  expect(found[0]?.why[0]?.weight).toBe(1);
});

test('a theme that one lives in counts as an interest', async () => {
  const found = await recommended(['GIVING'], 3);
  expect(found.map(({ circle }) => circle.theme)).toEqual(['GIVING', 'GIVING', 'GIVING']);
  expect(found[0]?.why).toEqual([{ tag: 'GIVING', weight: 1 }]);
});

test('without tags, that is without consent, nothing is recommended', async () => {
  expect(await recommended(null)).toEqual([]);
  expect(await recommended([])).toEqual([]);
  expect(await recommended(['something nobody knows', '\0'])).toEqual([]);
});

test('a better verified name opens more circles', async () => {
  const before = await recommended(['DINING', 'HEALTH'], 100);
  await circles.tell('users', 'person.verified', { userId: donor.id, realNameLevel: 'FACE_LIVENESS' });
  const after = await recommended(['DINING', 'HEALTH'], 100);
  expect(after.length).toBeGreaterThan(before.length);
});

const anyCircle = fc.record({
  id: fc.uuid(),
  theme: fc.constantFrom(...circleThemes),
  tags: fc.subarray([...crafts]),
  member_count: fc.bigInt({ min: 0n, max: 10n ** 12n }),
});
const anyTags = fc.array(fc.constantFrom(...crafts, ...circleThemes, 'craft:DANCE', 'unknown'), {
  maxLength: 8,
});

test('each reason is a tag of the person, and weighs more than 0 and at most 1', () => {
  fc.assert(
    fc.property(anyCircle, anyTags, (circle, tags) => {
      const why = reasonsFor(circle, tags);
      for (const { tag, weight } of why) {
        expect(tags).toContain(tag);
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThanOrEqual(1);
      }
      // What would be recommended would also have been looked for.
      const search = searchFor(tags);
      const isFound =
        search.themes.includes(circle.theme) || search.tags.some((tag) => circle.tags.includes(tag));
      if (why.length > 0 && !circle.tags.includes('OTHER')) expect(isFound).toBe(true);
    }),
  );
});

test('another tag never takes a circle out of the ranking', () => {
  fc.assert(
    fc.property(fc.array(anyCircle, { maxLength: 8 }), anyTags, anyTags, (rows, tags, more) => {
      const ranked = (all: string[]) =>
        rank(rows as unknown as Parameters<typeof rank>[0], all, 100).map(({ circle }) => circle.id);
      const fewer = ranked(tags);
      expect(ranked([...tags, ...more])).toEqual(expect.arrayContaining(fewer));
      expect(rank(rows as unknown as Parameters<typeof rank>[0], tags, 2).length).toBeLessThanOrEqual(2);
    }),
  );
});

test('the cast’s own donor has something to be recommended', async () => {
  const found = await recommended([...personOf(personas.donor.number).interests]);
  expect(found.length).toBeGreaterThan(0);
});
