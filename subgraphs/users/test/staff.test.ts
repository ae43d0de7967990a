import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { castId, personas, phoneOf } from '@banyan/seed';
import { expect, test } from 'vitest';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers({ seeded: true }));

const idOf = ({ number }: { number: number }) => castId('user', number);
const agent = { id: idOf(personas.customerService), roles: ['CUSTOMER_SERVICE'] };
const watcher = { id: idOf(personas.siteReliabilityEngineer), roles: ['SRE'] };
const donor = { id: idOf(personas.donor) };

const look = /* GraphQL */ `
  query ($phone: String, $id: ID, $reason: String!) {
    personForService(phone: $phone, id: $id, reason: $reason) {
      id
      user {
        displayName
      }
      phone {
        masked
      }
      legalName {
        masked
      }
      realName {
        level
        state
      }
    }
  }
`;
const logOf = async (variables: Record<string, unknown>) => {
  const { data } = await users.ask<{ auditLog: { nodes: Record<string, unknown>[] } }>(
    `query ($subjectId: ID, $actorId: ID, $first: Int) {
      auditLog(subjectId: $subjectId, actorId: $actorId, first: $first) { nodes { action subject reason actor { id } } }
    }`,
    variables,
    watcher,
  );
  return data.auditLog.nodes;
};

test('customer service finds a person by phone or id, masked, and each look is in the log', async () => {
  const phone = phoneOf(personas.donor.number);
  const byPhone = await users.ask(look, { phone, reason: 'Asked for a receipt.' }, agent);
  expect(byPhone).toEqual({
    data: {
      personForService: {
        id: donor.id,
        user: { displayName: '王秀英' },
        phone: { masked: '+86 138****0001' },
        legalName: { masked: '王**' },
        realName: { level: expect.any(String) as string, state: 'VERIFIED' },
      },
    },
  });
  const byId = await users.ask(look, { id: donor.id, reason: 'Calls again.' }, agent);
  expect(byId.data).toEqual(byPhone.data);
  expect(await logOf({ subjectId: donor.id })).toEqual([
    { action: 'LOOK_AT_PERSON', subject: donor.id, reason: 'Calls again.', actor: { id: agent.id } },
    { action: 'LOOK_AT_PERSON', subject: donor.id, reason: 'Asked for a receipt.', actor: { id: agent.id } },
  ]);
});

test('a look at nobody is in the log too; one without a reason, or at nothing, is refused', async () => {
  const nobody = await users.ask(look, { phone: '+8613500000000', reason: 'Wrong number?' }, agent);
  expect(nobody).toEqual({ data: { personForService: null } });
  expect(await logOf({ subjectId: 'nobody' })).toHaveLength(1);
  for (const variables of [
    { id: donor.id, reason: ' ' },
    { reason: 'For nothing.' },
    { id: donor.id, phone: '+8613500000000', reason: 'For both.' },
    { id: '\0', reason: 'For garbage.' },
    { phone: 'call me', reason: 'For garbage.' },
  ]) {
    const { errors } = await users.ask(look, variables, agent);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_INPUT']);
  }
});

test('a clear value is given for a reason, with a row in the log', async () => {
  const reveal = (field: string, subjectId: string = donor.id) =>
    users.act<{ clear: string | null }>(
      'revealField',
      { subjectId, field, reason: 'The bank asks for it.' },
      agent,
      'clear',
    );
  expect((await reveal('legalName')).clear).toBe('王秀英');
  expect((await reveal('phone')).clear).toBe(phoneOf(personas.donor.number));
  expect((await reveal('idNumber')).clear).toMatch(/^990000\d{11}[\dX]$/);
  expect((await logOf({ subjectId: donor.id, first: 3 })).map(({ action }) => action)).toEqual([
    'REVEAL_idNumber',
    'REVEAL_phone',
    'REVEAL_legalName',
  ]);
  expect((await reveal('password')).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  expect((await reveal('phone', newId('usr'))).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('nobody looks, reveals or reads the log without the role for it', async () => {
  const others = [null, donor, watcher, { id: idOf(personas.reviewer), roles: ['REVIEWER', 'ACCOUNTANT'] }];
  for (const as of others) {
    const expected = as === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    const seen = await users.ask(look, { id: donor.id, reason: 'Curious.' }, as);
    expect([seen.data, seen.errors?.[0]?.extensions.code]).toEqual([{ personForService: null }, expected]);
    const input = { subjectId: donor.id, field: 'phone', reason: 'Curious.' };
    const revealed = await users.ask(
      'mutation ($input: RevealFieldInput!) { revealField(input: $input) { clear } }',
      { input },
      as,
    );
    expect([revealed.data, revealed.errors?.[0]?.extensions.code]).toEqual([null, expected]);
  }
  for (const as of [null, donor, agent]) {
    const log = await users.ask('{ auditLog { nodes { id } } }', {}, as);
    expect(log.data).toEqual({ auditLog: null });
  }
});

test('the log cannot be changed by the service', async () => {
  const { db } = users.app.database;
  await expect(db.deleteFrom('audit_entries').execute()).rejects.toThrow(/permission denied/);
  await expect(db.updateTable('audit_entries').set({ reason: null }).execute()).rejects.toThrow(
    /permission denied/,
  );
});

test('staff see their roles, others none', async () => {
  const roles = async (as: { id: string }) => (await users.ask('{ me { staffRoles } }', {}, as)).data;
  expect(await roles(agent)).toEqual({ me: { staffRoles: ['CUSTOMER_SERVICE'] } });
  expect(await roles(donor)).toEqual({ me: { staffRoles: [] } });
});
