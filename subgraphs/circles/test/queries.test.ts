import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { campaigns, castId, counts, personas } from '@banyan/seed';
import { expect, test } from 'vitest';
import { startCircles } from './support.ts';

const circles = await sharedByTests(startCircles({ seeded: true }));

const donor = { id: castId('user', personas.donor.number) };

async function queriesOf(query: string, variables: Record<string, unknown>, as: typeof donor | null) {
  return countQueries(circles.app.database, () =>
    circles.ask<Record<string, { nodes: unknown[] }>>(query, variables, as),
  );
}

const screen = /* GraphQL */ `
  query ($first: Int!, $theme: CircleTheme) {
    circles(first: $first, theme: $theme) {
      nodes {
        name
        memberCount
        operator {
          ... on User {
            id
          }
          ... on Organisation {
            id
          }
        }
        stations {
          id
          circle {
            name
          }
        }
        links {
          to {
            name
          }
        }
        backedCampaigns(first: 3) {
          nodes {
            campaign {
              id
            }
          }
        }
        posts(first: 5) {
          nodes {
            body
            author {
              id
            }
            reactions {
              kind
              count
              mine
            }
            comments(first: 3) {
              nodes {
                body
                author {
                  id
                }
              }
            }
          }
        }
        myMembership {
          state
          circle {
            name
          }
        }
      }
    }
  }
`;

test.each([null, donor])('a list of circles costs the same queries whatever its length (%#)', async (as) => {
  const short = await queriesOf(screen, { first: 5 }, as);
  const long = await queriesOf(screen, { first: 100 }, as);
  expect(short.result.data['circles']?.nodes).toHaveLength(5);
  expect(long.result.data['circles']?.nodes).toHaveLength(100);
  expect(long.queries).toBeLessThanOrEqual(short.queries + 1);
  expect(long.queries).toBeLessThanOrEqual(12);
});

const supporters = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Campaign {
        supportingCircles(first: 3) {
          nodes {
            name
            theme
            memberCount
            stations {
              id
            }
          }
        }
      }
    }
  }
`;

test('the circles behind three hundred campaigns cost two queries, as those behind one do', async () => {
  const of = (many: number) => ({
    representations: campaigns.slice(0, many).map(({ id }) => ({ __typename: 'Campaign', id })),
  });
  const one = await queriesOf(supporters, of(1), null);
  const all = await queriesOf(supporters, of(counts.campaigns), null);
  expect(one.queries).toBe(2);
  expect(all.queries).toBe(2);
});

test('references to many things of a kind cost a query a kind', async () => {
  const representations = Array.from({ length: 40 }, (_, index) => [
    { __typename: 'Circle', id: castId('circle', index + 1) },
    { __typename: 'Station', id: castId('station', index + 1) },
    { __typename: 'Organisation', id: castId('organisation', (index % 30) + 1) },
  ]).flat();
  const { queries, result } = await queriesOf(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Circle { name } ... on Station { circle { name } } ... on Organisation { circles { nodes { name } } } } }`,
    { representations },
    null,
  );
  expect(result.errors).toBeUndefined();
  // Circles, links of stations, circles of those links, circles of organisations.
  expect(queries).toBeLessThanOrEqual(4);
});

test('members, applications and the log of one’s own circles do not cost more with their length', async () => {
  const operator = { id: castId('user', personas.circleOperator.number) };
  const query = `query ($first: Int!) { circle(id: "${castId('circle', 1)}") {
    members(first: $first) { nodes { role user { id } } }
    applications(first: $first) { nodes { answers } }
    moderationLog(first: $first) { nodes { reason } } } }`;
  const short = await queriesOf(query, { first: 1 }, operator);
  const long = await queriesOf(query, { first: 100 }, operator);
  expect(long.result.errors).toBeUndefined();
  expect(long.queries).toBe(short.queries);
});
