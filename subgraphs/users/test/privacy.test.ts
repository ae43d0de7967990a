import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());
const person = await users.signIn('+8613900000001');

const entities = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Viewer {
        id
        phone {
          masked
        }
        birthYear
        legalName {
          masked
        }
        consents {
          purpose
        }
        offerAgeBand
        matchingTags
        portrait {
          enabled
        }
        relatives {
          nodes {
            id
          }
        }
        notifications {
          nodes {
            id
          }
        }
        organisations {
          role
        }
        trust {
          score
        }
      }
      ... on User {
        displayName
      }
    }
  }
`;

test('a stranger gets nothing of a person by asking for the entity', async () => {
  const representations = [{ __typename: 'Viewer', id: person.id }];
  const anonymous = await users.ask(entities, { representations });
  expect(anonymous.data).toEqual({ _entities: [null] });
  expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const other = await users.ask(entities, { representations }, { id: 'usr_other', roles: ['ACCOUNTANT'] });
  expect(other.data).toEqual({ _entities: [null] });
  expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('anybody may see the public part', async () => {
  const answer = await users.ask(entities, {
    representations: [
      { __typename: 'User', id: person.id },
      { __typename: 'User', id: 'usr_none' },
    ],
  });
  expect(answer).toMatchObject({
    data: { _entities: [{ displayName: expect.stringMatching(/^(Friend|榕友) \d{4}$/) as string }, null] },
  });
});
