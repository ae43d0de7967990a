import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { joined } from './aid.ts';
import { boundPolicy, openQuote, policyQuery } from './policies.ts';
import { newPerson, startInsurance } from './support.ts';

const person = newPerson();
const insurance = await sharedByTests(startInsurance());
const policy = await boundPolicy(insurance, person);
await insurance.payAndTell(policy.checkoutUrl);
const things = [
  { __typename: 'Quote', id: (await openQuote(insurance, person, { idempotencyKey: 'q2' })).id },
  { __typename: 'Policy', id: policy.id },
  { __typename: 'AidMembership', id: (await joined(insurance, person)).id },
];

const entities = /* GraphQL */ `
  query ($r: [_Any!]!) {
    _entities(representations: $r) {
      ... on Quote {
        id
      }
      ... on Policy {
        id
      }
      ... on AidMembership {
        id
      }
    }
  }
`;
const others = () => [
  null,
  newPerson(),
  { ...newPerson(), roles: ['ACCOUNTANT', 'REVIEWER', 'CUSTOMER_SERVICE'] },
];

test('quotes, policies and memberships are there for their holder and for nobody else', async () => {
  const own = await insurance.ask(entities, { r: things }, person);
  expect(own.data).toEqual({ _entities: things.map(({ id }) => ({ id })) });
  for (const as of others()) {
    const answer = await insurance.ask(entities, { r: things }, as);
    expect(answer).toEqual({ data: { _entities: [null, null, null] } });
    const byId = await insurance.ask(policyQuery, { id: things[1]?.id }, as);
    const byNumber = await insurance.ask(policyQuery, { number: policy.number }, as);
    expect([byId, byNumber]).toEqual([{ data: { policy: null } }, { data: { policy: null } }]);
  }
});

test('what hangs on the viewer is the viewer’s alone', async () => {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        ... on Viewer {
          policies {
            nodes {
              id
            }
          }
          aidMemberships {
            id
          }
          protection {
            activePolicies
            aidPlans
            gaps
          }
        }
      }
    }
  `;
  const r = [{ __typename: 'Viewer', id: person.id }];
  const own = await insurance.ask(query, { r }, person);
  expect(own.data).toEqual({
    _entities: [
      {
        policies: { nodes: [{ id: things[1]?.id }] },
        aidMemberships: [{ id: things[2]?.id }],
        protection: { activePolicies: 1, aidPlans: 1, gaps: ['Medical costs', 'Long-term care'] },
      },
    ],
  });
  for (const as of others())
    expect((await insurance.ask(query, { r }, as)).data).toEqual({ _entities: [null] });
});

test('an id that is none is nothing, and the two ways to name a policy must agree', async () => {
  const strange = ['', '\u0000', 'pol_', 'pol_zzzzzzzzzzzzzzzzzzzzzzzzzz', 'x'.repeat(10_000), "' or 1=1 --"];
  for (const id of strange) {
    const answer = await insurance.ask(policyQuery, { id, number: null }, person);
    expect(answer).toEqual({ data: { policy: null } });
    expect(await insurance.ask(policyQuery, { number: id }, person)).toEqual({ data: { policy: null } });
  }
  const r = strange.map((id) => ({ __typename: 'Policy', id }));
  expect(await insurance.ask(entities, { r }, person)).toEqual({
    data: { _entities: strange.map(() => null) },
  });
  const both = await insurance.ask(policyQuery, { id: things[1]?.id, number: policy.number }, person);
  expect(both.data).toMatchObject({ policy: { id: things[1]?.id } });
  const apart = await insurance.ask(policyQuery, { id: things[1]?.id, number: 'BY20260000000001' }, person);
  expect(apart).toEqual({ data: { policy: null } });
});
