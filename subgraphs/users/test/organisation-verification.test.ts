import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { startOrganisations, type Organisation } from './organisations.ts';

const users = await sharedByTests(startOrganisations());
const { reviewer, found, verify } = users;

/** Names of the organisations that somebody finds; the code of the error where the search is refused. */
const search = async (
  variables: Record<string, unknown>,
  as: { id: string; roles?: string[] } | null = null,
) => {
  const { data, errors } = await users.ask<{ organisations: { nodes: Organisation[] } } | null>(
    `query ($search: String, $kind: OrganisationKind, $first: Int, $after: String) {
      organisations(search: $search, kind: $kind, first: $first, after: $after) {
        nodes { id name } pageInfo { endCursor hasNextPage }
      }
    }`,
    variables,
    as,
  );
  return data?.organisations.nodes.map(({ name }) => name) ?? errors?.[0]?.extensions.code;
};

test('a reviewer verifies, with the licence; it is told, noted in the log, and the owner hears of it', async () => {
  const owner = await users.person();
  const id = await found(owner);
  const licence = { number: 'GX-1', validFrom: '2026-01-01', validTo: '2028-12-31' };
  const { organisation } = await verify({ organisationId: id, licence });
  expect(organisation).toMatchObject({
    verifiedAt: expect.any(String) as string,
    publicFundraisingLicence: licence,
  });
  expect((await users.told(id)).at(-1)).toEqual({
    type: 'organisation.verified',
    payload: { organisationId: id, kinds: ['CHARITY'], licence },
  });
  const { data } = await users.ask<{ auditLog: { nodes: unknown[] } }>(
    'query ($id: ID!) { auditLog(subjectId: $id) { nodes { action subject reason actor { id } } } }',
    { id },
    { id: owner.id, roles: ['SRE'] },
  );
  expect(data.auditLog.nodes).toEqual([
    { action: 'VERIFY_ORGANISATION', subject: id, reason: 'Papers seen.', actor: { id: reviewer.id } },
  ]);
  const told = await users.ask('{ me { notifications { nodes { kind body } } } }', {}, owner);
  expect(told.data).toMatchObject({
    me: {
      notifications: {
        nodes: [{ kind: 'ORGANISATION_VERIFIED', body: 'A reviewer has verified Helping Hands.' }],
      },
    },
  });

  // Withdrawn, it is verified to be nothing.
  await verify({ organisationId: id, approve: false });
  expect((await users.told(id)).at(-1)?.payload).toEqual({ organisationId: id, kinds: [], licence: null });
});

test('nobody verifies without the role, without a reason, or an organisation of their own', async () => {
  const owner = await users.person();
  const id = await found(owner);
  const noRole = await users.ask(
    'mutation ($input: VerifyOrganisationInput!) { verifyOrganisation(input: $input) { userErrors { code } } }',
    { input: { organisationId: id, approve: true, reason: 'Mine.' } },
    owner,
  );
  expect(noRole.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const codes = async (input: Record<string, unknown>, as = reviewer) =>
    (await verify({ organisationId: id, ...input }, as)).userErrors.map(({ code, field }) => [
      code,
      field?.[1],
    ]);
  expect(await codes({}, { ...owner, roles: ['REVIEWER'] })).toEqual([['FORBIDDEN', 'organisationId']]);
  expect(await codes({ reason: ' ' })).toEqual([['INVALID_INPUT', 'reason']]);
  expect(await codes({ organisationId: newId('org') })).toEqual([['NOT_FOUND', 'organisationId']]);
  const backwards = { number: 'GX-2', validFrom: '2026-02-01', validTo: '2026-01-01' };
  expect(await codes({ licence: backwards })).toEqual([['INVALID_INPUT', 'licence']]);
  const hospital = await found(owner, { kinds: ['HOSPITAL'] });
  const licence = { ...backwards, validTo: '2027-01-01' };
  expect(await codes({ organisationId: hospital, licence })).toEqual([['INVALID_INPUT', 'licence']]);
  expect((await users.told(id)).map(({ type }) => type)).toEqual(['organisation.member_set']);
});

test('the public finds verified ones by Chinese and Latin words, reviewers all', async () => {
  const owner = await users.person();
  const verified = await found(owner, { name: '春风医院 Spring Wind Hospital', kinds: ['HOSPITAL'] });
  await found(owner, { name: '春风茶庄 Spring Wind Tea', kinds: ['MERCHANT'] });
  await verify({ organisationId: verified });
  expect(await search({ search: '春风' })).toEqual(['春风医院 Spring Wind Hospital']);
  expect(await search({ search: 'wind SPRING', kind: 'HOSPITAL' })).toEqual([
    '春风医院 Spring Wind Hospital',
  ]);
  expect(await search({ search: 'spring', kind: 'CHARITY' })).toEqual([]);
  expect(await search({ search: '春风' }, reviewer)).toHaveLength(2);
  expect(await search({ search: '100%_\\' })).toEqual([]);
  expect(await search({ search: 'x'.repeat(101) })).toBe('BAD_USER_INPUT');
  expect(await search({ search: '\0' })).toBe('BAD_USER_INPUT');
  expect(await search({ first: 0 })).toBe('BAD_USER_INPUT');
  expect(await search({ after: 'garbage' })).toBe('BAD_USER_INPUT');
});
