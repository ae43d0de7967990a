import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { consentTextVersions } from '@banyan/vocabulary';
import { expect, test } from 'vitest';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());
const me = { ...(await users.person()), roles: ['REVIEWER', 'CUSTOMER_SERVICE', 'SRE'] };

/** What a hostile client writes where a text is asked for. */
const hostile = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '%',
  "'; drop table people; --",
  '💥'.repeat(5_000),
  '../../etc',
  newId('usr'),
];

/** Every text of every mutation, and what the rest of its input is. */
const mutations: Readonly<Record<string, { good: Record<string, unknown>; texts: readonly string[] }>> = {
  requestSignInCode: { good: {}, texts: ['phone'] },
  signIn: {
    good: { phone: '+8613500000001', code: '123456', deviceName: 'Telephone' },
    texts: ['phone', 'code', 'deviceName'],
  },
  refreshSession: { good: {}, texts: ['refreshToken'] },
  revokeDevice: { good: {}, texts: ['deviceId'] },
  updateProfile: { good: {}, texts: ['displayName', 'socialTitle', 'regionCode', 'language'] },
  setConsent: {
    good: { purpose: 'CROSS_BORDER', granted: true, textVersion: consentTextVersions.CROSS_BORDER },
    texts: ['textVersion'],
  },
  requestRelative: { good: { relation: 'CHILD' }, texts: ['phone'] },
  confirmRelative: { good: { accept: true }, texts: ['relativeId'] },
  createOrganisation: {
    good: { name: 'Good', kinds: ['COMPANY'], idempotencyKey: 'key' },
    texts: ['name', 'idempotencyKey'],
  },
  setOrganisationMember: {
    good: { organisationId: newId('org'), userId: newId('usr'), role: 'MEMBER' },
    texts: ['organisationId', 'userId'],
  },
  verifyOrganisation: {
    good: { organisationId: newId('org'), approve: true, reason: 'Papers seen.' },
    texts: ['organisationId', 'reason'],
  },
  startRealName: {
    good: { level: 'TWO_FACTOR', legalName: '王秀英', idNumber: '990000195404010021', idempotencyKey: 'key' },
    texts: ['legalName', 'idNumber', 'bankCard', 'idempotencyKey'],
  },
  revealField: {
    good: { subjectId: newId('usr'), field: 'phone', reason: 'Asked for it.' },
    texts: ['subjectId', 'field', 'reason'],
  },
};

test.each(Object.entries(mutations))('%s bears whatever is written', async (mutation, { good, texts }) => {
  for (const field of texts) {
    for (const text of hostile) {
      // Throws on anything but a payload, as on an error of the service.
      const { userErrors } = await users.act(mutation, { ...good, [field]: text }, me);
      for (const { code, message } of userErrors) {
        expect(code).toMatch(/^[A-Z_]+$/);
        expect(message).not.toMatch(/\.ts\b|node_modules|select |insert /);
      }
    }
  }
});

test('lists of tags and of notifications bear whatever is written', async () => {
  for (const text of hostile) {
    expect(await users.codes('setPortrait', { hideTags: [text] }, me)).toEqual(['INVALID_INPUT']);
    expect(await users.codes('markNotificationsRead', { ids: [text] }, me)).toEqual(['INVALID_INPUT']);
  }
});

test('every list and look-up bears garbage: an answer, or an error with a code of the client’s', async () => {
  const query = /* GraphQL */ `
    query ($text: String!, $id: ID!) {
      user(id: $id) {
        id
      }
      organisation(id: $id) {
        id
      }
      organisations(search: $text) {
        nodes {
          id
        }
      }
      auditLog(subjectId: $id, actorId: $id) {
        nodes {
          id
        }
      }
      _entities(
        representations: [
          { __typename: "User", id: $id }
          { __typename: "Organisation", id: $id }
          { __typename: "Relative", id: $id }
          { __typename: "Viewer", id: $id }
        ]
      ) {
        __typename
      }
    }
  `;
  const lists = /* GraphQL */ `
    query ($first: Int, $after: String) {
      organisations(first: $first, after: $after) {
        nodes {
          id
        }
      }
      auditLog(first: $first, after: $after) {
        nodes {
          id
        }
      }
      me {
        relatives(first: $first, after: $after) {
          nodes {
            id
          }
        }
        notifications(first: $first, after: $after) {
          nodes {
            id
          }
        }
      }
    }
  `;
  const codes = async (text: string, variables: Record<string, unknown>) =>
    ((await users.ask(text, variables, me)).errors ?? []).map(({ extensions }) => extensions.code);
  for (const text of hostile)
    for (const code of await codes(query, { text, id: text }))
      expect(['BAD_USER_INPUT', 'FORBIDDEN', 'INVALID_INPUT']).toContain(code);
  for (const variables of [
    { first: 0 },
    { first: 101 },
    { first: -1 },
    ...hostile.map((after) => ({ first: 1, after })),
  ]) {
    const found = await codes(lists, variables);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['BAD_USER_INPUT']));
  }
});
