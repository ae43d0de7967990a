import { newId } from '@banyan/kit/graphql';
import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { beforeAll, expect, test } from 'vitest';
import { joined, topUp } from './aid.ts';
import { createPeers } from './peers.ts';
import { bind, openQuote } from './policies.ts';
import { newPerson, startInsurance } from './support.ts';

const person = newPerson();
const campaigns = Array.from({ length: 40 }, () => newId('cmp'));
const insurance = await sharedByTests(startInsurance());
beforeAll(async () => {
  const peers = createPeers(insurance);
  await peers.consent(person.id);
  for (const campaign of campaigns) await peers.gift(person.id, campaign);
  for (let number = 0; number < 12; number += 1) {
    const quote = await openQuote(insurance, person, { idempotencyKey: `quote-${number}` });
    await bind(insurance, person, quote);
  }
  const { id } = await joined(insurance, person);
  await topUp(insurance, person, id);
});

/** Queries behind an operation in this person's name; what came must not be empty. */
async function queriesOf(query: string, variables: Record<string, unknown>): Promise<number> {
  const { result, queries } = await countQueries(insurance.app.database, () =>
    insurance.ask(query, variables, person),
  );
  if (result.errors) throw new Error(JSON.stringify(result.errors));
  return queries;
}

test('offers beside forty campaigns cost as many queries as beside one', async () => {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        ... on Campaign {
          supporterOffers {
            why
            offer {
              ... on InsuranceProduct {
                name
                documents {
                  title
                }
              }
              ... on MutualAidPlan {
                name
                memberCount
              }
            }
          }
        }
      }
    }
  `;
  const of = (ids: readonly string[]) =>
    queriesOf(query, { r: ids.map((id) => ({ __typename: 'Campaign', id, offersAllowed: true })) });
  // Facts, supporters, plans, products, policies and memberships held, member counts, documents.
  expect([await of(campaigns.slice(0, 1)), await of(campaigns)]).toEqual([8, 8]);
});

test('a longer list of policies costs no more queries', async () => {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!, $first: Int) {
      _entities(representations: $r) {
        ... on Viewer {
          policies(first: $first) {
            nodes {
              number
              checkout {
                url
              }
              product {
                name
                documents {
                  sha256
                }
              }
            }
          }
          aidMemberships {
            balance {
              minor
            }
            checkout {
              url
            }
            plan {
              memberCount
            }
          }
          protection {
            gaps
          }
        }
      }
    }
  `;
  const of = (first: number, times: number) =>
    queriesOf(query, {
      first,
      r: Array.from({ length: times }, () => ({ __typename: 'Viewer', id: person.id })),
    });
  const short = await of(2, 1);
  expect([await of(12, 1), await of(12, 5)]).toEqual([short, short]);
  expect(short).toBeLessThanOrEqual(11);
});

test('plans come with their member counts in two queries', async () => {
  expect(await queriesOf('{ mutualAidPlans { name memberCount } }', {})).toBe(2);
});
