import { newId } from '@banyan/kit/graphql';
import { signHop } from '@banyan/kit/hop';
import { sharedByTests, testHopKey, type As, type AsApp } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { keyFields, startPartner, type Key } from './partner.ts';

const dayInMs = 24 * 60 * 60 * 1_000;
const partner = await sharedByTests(startPartner());
const { users, clock, owner, stranger, organisationId, makeApp, makeKey, madeKey, verify } = partner;

describe('a key', () => {
  test('is shown once, and only its hash is kept', async () => {
    const appId = await makeApp();
    const input = { appId, idempotencyKey: 'key-once' };
    const first = await users.act<{ secret: string; key: Key }>('createApiKey', input, owner, keyFields);
    const again = await users.act<{ secret: null; key: Key }>('createApiKey', input, owner, keyFields);
    expect(first.secret).toMatch(/^bk_test_[\w-]{43}$/);
    expect(again).toMatchObject({ secret: null, key: { id: first.key.id } });
    const rows = await users.app.database.db.selectFrom('api_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(first.secret);
    expect(first.secret.startsWith(first.key.prefix)).toBe(true);
  });

  test('is known to the edge by its hash, with what it may do, and its last use is noted', async () => {
    const appId = await makeApp();
    const { secret, key } = await madeKey(appId);
    expect(await verify(secret)).toEqual({
      state: 'live',
      appId,
      organisationId,
      scopes: ['keys:manage'],
      sandbox: true,
      expiresAtMs: Date.parse(key.expiresAt),
    });
    const { data } = await users.ask<{ partnerApp: { keys: Key[] } }>(
      '{ partnerApp { keys { id lastUsedAt } } }',
      {},
      { appId },
    );
    expect(data.partnerApp.keys).toEqual([{ id: key.id, lastUsedAt: new Date(clock.nowMs).toISOString() }]);
    expect(await verify(`${secret}x`)).toEqual({ state: 'unknown' });
  });

  test('ends when it expires', async () => {
    const { secret } = await madeKey(await makeApp(), {
      expiresAt: new Date(clock.nowMs + dayInMs).toISOString(),
    });
    clock.nowMs += dayInMs;
    expect(await verify(secret)).toEqual({ state: 'expired' });
  });

  test.each([-1_000, 0, 367 * dayInMs])('that would expire %d ms from now is refused', async (lifeMs) => {
    const expiresAt = new Date(clock.nowMs + lifeMs).toISOString();
    const { userErrors } = await makeKey(await makeApp(), { expiresAt });
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'expiresAt'] }]);
  });

  test('is one of two that live at the same time, also where three are made at once', async () => {
    const appId = await makeApp();
    const made = await Promise.all([1, 2, 3].map(() => makeKey(appId)));
    expect(made.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['FORBIDDEN']);
    expect(made.filter(({ secret }) => secret !== null)).toHaveLength(2);
  });

  test('is made and seen by nobody who does not run the organisation', async () => {
    const appId = await makeApp();
    const { key } = await madeKey(appId);
    const others: (As | AsApp)[] = [stranger, { appId: newId('app'), scopes: ['keys:manage'] }];
    for (const as of others) {
      expect((await makeKey(appId, {}, as)).userErrors[0]?.code).toBe('NOT_FOUND');
      expect(await users.codes('revokeApiKey', { keyId: key.id }, as)).toEqual(['NOT_FOUND']);
      expect(
        await users.codes('rotateApiKey', { keyId: key.id, overlapHours: 1, idempotencyKey: 'k' }, as),
      ).toEqual(['NOT_FOUND']);
    }
  });

  test('of an app gives no more than it has itself', async () => {
    const appId = await makeApp();
    const { key } = await madeKey(appId);
    const plain = { appId, scopes: [] };
    const { errors } = await users.ask(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { appId, idempotencyKey: 'k' } },
      plain,
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const manager = { appId, scopes: ['keys:manage'] };
    const made = await makeKey(appId, { scopes: [] }, manager);
    expect(made.key?.scopes).toEqual([]);
    expect(await users.codes('revokeApiKey', { keyId: key.id }, manager)).toEqual([]);
  });
});

describe('a key that is rotated', () => {
  const rotate = (keyId: string, input: Record<string, unknown> = {}, as: As | AsApp = owner) =>
    users.act<{ secret: string; key: Key }>(
      'rotateApiKey',
      { keyId, overlapHours: 2, idempotencyKey: newId('idk'), ...input },
      as,
      keyFields,
    );

  test('has a successor, stays good for the overlap, and then ends', async () => {
    const old = await madeKey(await makeApp());
    const next = await rotate(old.key.id);
    expect(next.key.scopes).toEqual(old.key.scopes);
    const states = async () => [(await verify(old.secret)).state, (await verify(next.secret)).state];
    expect(await states()).toEqual(['live', 'live']);
    clock.nowMs += 2 * 60 * 60 * 1_000;
    expect(await states()).toEqual(['expired', 'live']);
  });

  test('twice at once has one successor', async () => {
    const { key } = await madeKey(await makeApp());
    const made = await Promise.all([rotate(key.id), rotate(key.id)]);
    expect(made.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  });

  test('and that has ended before has none', async () => {
    const { key } = await madeKey(await makeApp());
    await users.act('revokeApiKey', { keyId: key.id }, owner);
    expect((await rotate(key.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

describe('a key that is revoked', () => {
  test('is good for nothing from then on', async () => {
    const { secret, key } = await madeKey(await makeApp());
    const revoked = await users.act<{ key: Key }>(
      'revokeApiKey',
      { keyId: key.id },
      owner,
      'key { revokedAt }',
    );
    expect(revoked.key.revokedAt).toBe(new Date(clock.nowMs).toISOString());
    expect(await verify(secret)).toEqual({ state: 'revoked' });
  });

  test('by an engineer who found it goes to the log', async () => {
    const { secret, key } = await madeKey(await makeApp());
    const engineer = { ...stranger, roles: ['SRE'] };
    expect(await users.codes('revokeApiKey', { keyId: key.id }, engineer)).toEqual([]);
    expect(await verify(secret)).toEqual({ state: 'revoked' });
    const { data } = await users.ask(
      'query ($id: ID!) { auditLog(subjectId: $id) { nodes { action } } }',
      { id: key.id },
      engineer,
    );
    expect(data).toEqual({ auditLog: { nodes: [{ action: 'REVOKE_API_KEY' }] } });
  });
});

test('only the edge may ask about keys, and only by a hash', async () => {
  const path = '/api-keys/verify';
  const send = (body: string, headers: Record<string, string>) =>
    fetch(users.url + path, { method: 'POST', headers, body }).then(({ status }) => status);
  const signed = (body: string, signedPath = path) =>
    signHop(testHopKey, { subgraph: 'users', method: 'POST', path: signedPath, body });
  const body = JSON.stringify({ hash: 'a'.repeat(43) });
  expect(await send(body, {})).toBe(401);
  expect(await send(body, signed(body, '/graphql'))).toBe(401);
  expect(await send(body, signed(body))).toBe(200);
  for (const wrong of ['', '{}', '{"hash":"bk_live_x"}', '{"hash":7}', 'nonsense'])
    expect(await send(wrong, signed(wrong))).toBe(400);
});
