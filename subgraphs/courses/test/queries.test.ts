import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { castId, instructors, personas, personOf } from '@banyan/seed';
import { expect, test } from 'vitest';
import { startCourses } from './support.ts';

const learner = { id: personOf(personas.learner.number).id };
const courses = await sharedByTests(startCourses({ seeded: true }));

async function queriesOf(query: string, variables: Record<string, unknown>) {
  const { result, queries } = await countQueries(courses.app.database, () =>
    courses.ask<Record<string, unknown>>(query, variables, learner),
  );
  expect(result.errors).toBeUndefined();
  return { data: result.data, queries };
}

/** Asks for short lists and long ones: the same number of queries stands behind both. */
async function sameFor(query: string, few: Record<string, unknown>, many: Record<string, unknown>) {
  const short = await queriesOf(query, few);
  const long = await queriesOf(query, many);
  expect(JSON.stringify(long.data).length).toBeGreaterThan(JSON.stringify(short.data).length * 2);
  expect(long.queries).toBe(short.queries);
  return long.queries;
}

test('the catalogue costs as many queries as it has kinds of things', async () => {
  const query = /* GraphQL */ `
    query ($first: Int) {
      courses(first: $first) {
        totalCount
        nodes {
          title
          instructor {
            user {
              id
            }
            learnerCount
          }
          station {
            name
            isMember
            hotTopics(first: 3) {
              name
              heat
              rank
            }
          }
          sessions(first: 3) {
            nodes {
              startsAt
              micQueue(first: 5) {
                nodes {
                  user {
                    id
                  }
                }
                totalCount
                version
              }
              myMicPlace {
                position
              }
            }
          }
          myEnrolment {
            state
            waitlistPlace
          }
        }
      }
    }
  `;
  expect(await sameFor(query, { first: 20 }, { first: 100 })).toBeLessThanOrEqual(13);
});

test('posts with all that hangs on them do too', async () => {
  const query = /* GraphQL */ `
    query ($first: Int, $id: ID!) {
      station(id: $id) {
        posts(first: $first) {
          totalCount
          nodes {
            body
            author {
              id
            }
            praisedByMe
            topics {
              name
            }
            station {
              name
            }
            comments(first: 3) {
              totalCount
              nodes {
                body
                praisedByMe
              }
            }
          }
        }
      }
    }
  `;
  const { id } = { id: castId('station', 1) };
  expect(await sameFor(query, { id, first: 5 }, { id, first: 40 })).toBeLessThanOrEqual(8);
});

test('the hot search is read in one query at most, with its posts in two more', async () => {
  const query =
    'query ($first: Int) { hotSearch(first: $first) { name heat posts(first: 2) { nodes { body } totalCount } } }';
  await queriesOf(query, { first: 50 });
  expect(await sameFor(query, { first: 5 }, { first: 50 })).toBeLessThanOrEqual(3);
});

test('stations and instructors that others point to come in one batch each', async () => {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        ... on Station {
          name
          memberCount
          instructor {
            user {
              id
            }
          }
          hotTopics(first: 3) {
            name
            heat
            rank
          }
        }
        ... on Instructor {
          bio
          learnerCount
          courses(first: 2) {
            totalCount
            nodes {
              title
            }
          }
        }
      }
    }
  `;
  const r = instructors.flatMap(({ id, stationId }) => [
    { __typename: 'Station', id: stationId },
    { __typename: 'Instructor', id },
  ]);
  expect(await sameFor(query, { r: r.slice(0, 6) }, { r })).toBeLessThanOrEqual(7);
});

test('the seed has something to look at everywhere', async () => {
  const { data } = await queriesOf(
    '{ hotSearch(first: 10) { name heat } liveSessions { nodes { course { title } micQueue { totalCount } myMicPlace { position etaSeconds } } } }',
    {},
  );
  expect(data).toMatchObject({
    liveSessions: {
      nodes: [{ micQueue: { totalCount: expect.any(Number) as number }, myMicPlace: { position: 12 } }],
    },
  });
  const { hotSearch } = data as { hotSearch: { heat: string }[] };
  expect(Number(hotSearch[0]?.heat)).toBeGreaterThan(1_000);
});
