import { newId } from '@banyan/kit/graphql';
import { signHop } from '@banyan/kit/hop';
import { sharedByTests, testHopKey, type As, type AsApp } from '@banyan/kit/testing';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startUsers } from './support.ts';

const dayInMs = 24 * 60 * 60 * 1_000;
let clockMs = Date.now();
const users = await sharedByTests(startUsers({ overrides: { now: () => new Date(clockMs) } }));
const owner = await users.person();
const stranger = await users.person();
const organisationId = await found(owner);

interface Key {
  id: string;
  prefix: string;
  scopes: string[];
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}
const keyFields = 'secret key { id prefix scopes createdAt expiresAt lastUsedAt revokedAt }';

async function found(as: { id: string }): Promise<string> {
  const { organisation } = await users.act<{ organisation: { id: string } }>(
    'createOrganisation',
    { name: 'Willow Insurance', kinds: ['INSURER'], idempotencyKey: newId('idk') },
    as,
    'organisation { id }',
  );
  return organisation.id;
}

async function makeApp(input: Record<string, unknown> = {}): Promise<string> {
  const { app, userErrors } = await users.act<{ app: { id: string } | null }>(
    'createPartnerApp',
    {
      organisationId,
      name: 'Quotes',
      scopes: ['keys:manage'],
      sandbox: true,
      idempotencyKey: newId('idk'),
      ...input,
    },
    owner,
    'app { id }',
  );
  if (app === null) throw new Error(JSON.stringify(userErrors));
  return app.id;
}

const makeKey = (appId: string, input: Record<string, unknown> = {}, as: As | AsApp = owner) =>
  users.act<{ secret: string | null; key: Key | null }>(
    'createApiKey',
    { appId, idempotencyKey: newId('idk'), ...input },
    as,
    keyFields,
  );

/** Asks as the edge does: signed, with the hash of the key. */
async function verify(secret: string): Promise<{ state: string } & Record<string, unknown>> {
  const body = JSON.stringify({ hash: createHash('sha256').update(secret).digest('base64url') });
  const path = '/api-keys/verify';
  const headers = signHop(testHopKey, { subgraph: 'users', method: 'POST', path, body });
  const response = await fetch(users.url + path, { method: 'POST', headers, body });
  return (await response.json()) as { state: string };
}

async function madeKey(appId: string, input: Record<string, unknown> = {}) {
  const { secret, key, userErrors } = await makeKey(appId, input);
  if (secret === null || key === null) throw new Error(JSON.stringify(userErrors));
  return { secret, key };
}

describe('an app', () => {
  test('of an organisation is seen by who runs it and by itself, and by nobody else', async () => {
    const id = await makeApp({ name: 'Seen' });
    const own = 'query ($id: ID!) { organisation(id: $id) { partnerApps { id name } } }';
    const seen = await users.ask<{ organisation: { partnerApps: { id: string }[] | null } }>(
      own,
      { id: organisationId },
      owner,
    );
    expect(seen.data.organisation.partnerApps?.map((app) => app.id)).toContain(id);
    const hidden = await users.ask<typeof seen.data>(own, { id: organisationId }, stranger);
    expect(hidden.data.organisation.partnerApps).toBeNull();
    expect(hidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');

    const entity = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PartnerApp { name } } }`;
    const r = [{ __typename: 'PartnerApp', id }];
    const asked = await Promise.all(
      [owner, { appId: id }, stranger, { appId: newId('app') }, null].map((as) =>
        users.ask(entity, { r }, as),
      ),
    );
    expect(asked.map(({ data }) => data['_entities'])).toEqual([
      [{ name: 'Seen' }],
      [{ name: 'Seen' }],
      [null],
      [null],
      [null],
    ]);
    expect((await users.ask('{ partnerApp { id sandbox } }', {}, { appId: id })).data).toEqual({
      partnerApp: { id, sandbox: true },
    });
    expect((await users.ask('{ partnerApp { id } }', {}, owner)).data).toEqual({ partnerApp: null });
  });

  test('is made by who runs the organisation, once a key of the request', async () => {
    const input = { organisationId, name: 'Once', scopes: [], sandbox: true, idempotencyKey: 'app-once' };
    const make = (as: As, more = {}) =>
      users.act<{ app: { id: string } | null }>('createPartnerApp', { ...input, ...more }, as, 'app { id }');
    const [first, again] = [await make(owner), await make(owner)];
    expect(again.app?.id).toBe(first.app?.id);
    const refused = [await make(owner, { name: 'Other' }), await make(stranger)];
    expect(refused.map(({ userErrors }) => userErrors[0]?.code)).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
    ]);
  });

  test('that is no trial needs an organisation that was verified', async () => {
    const input = { organisationId, name: 'Live', scopes: [], sandbox: false, idempotencyKey: newId('idk') };
    expect(await users.codes('createPartnerApp', input, owner)).toEqual(['FORBIDDEN']);
    const reviewer = { ...stranger, roles: ['REVIEWER'] };
    await users.act('verifyOrganisation', { organisationId, approve: true, reason: 'Seen.' }, reviewer);
    const { secret } = await madeKey(await makeApp({ sandbox: false }));
    expect(secret).toMatch(/^bk_live_/);
  });

  test('with scopes that there are not is refused', async () => {
    const input = { organisationId, name: 'X', scopes: ['all'], sandbox: true, idempotencyKey: 'x' };
    expect(await users.codes('createPartnerApp', input, owner)).toEqual(['INVALID_INPUT']);
  });

  test('is no person: it has no Viewer, and does nothing that asks for one', async () => {
    const as = { appId: await makeApp(), scopes: ['keys:manage'] };
    expect((await users.ask('{ me { id } }', {}, as)).data).toEqual({ me: null });
    const { errors } = await users.ask(
      `mutation { createOrganisation(input: { name: "X", kinds: [CHARITY], idempotencyKey: "k" }) { userErrors { code } } }`,
      {},
      as,
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

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
    expect(data.partnerApp.keys).toEqual([{ id: key.id, lastUsedAt: new Date(clockMs).toISOString() }]);
    expect(await verify(`${secret}x`)).toEqual({ state: 'unknown' });
  });

  test('ends when it expires', async () => {
    const { secret } = await madeKey(await makeApp(), {
      expiresAt: new Date(clockMs + dayInMs).toISOString(),
    });
    clockMs += dayInMs;
    expect(await verify(secret)).toEqual({ state: 'expired' });
  });

  test.each([-1_000, 0, 367 * dayInMs])('that would expire %d ms from now is refused', async (lifeMs) => {
    const expiresAt = new Date(clockMs + lifeMs).toISOString();
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
    clockMs += 2 * 60 * 60 * 1_000;
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
    expect(revoked.key.revokedAt).toBe(new Date(clockMs).toISOString());
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

describe('when an organisation is no longer verified', () => {
  /** An organisation of its own, so that the others stay what they are. */
  async function verified() {
    const organisation = await found(owner);
    const decide = (approve: boolean) =>
      users.act(
        'verifyOrganisation',
        { organisationId: organisation, approve, reason: 'Seen.' },
        { ...stranger, roles: ['REVIEWER'] },
      );
    await decide(true);
    return { organisation, decide };
  }

  test('its keys are good for nothing until it is again; those for trial stay good', async () => {
    const { organisation, decide } = await verified();
    const live = await madeKey(await makeApp({ organisationId: organisation, sandbox: false }));
    const trial = await madeKey(await makeApp({ organisationId: organisation }));
    const states = async () => [(await verify(live.secret)).state, (await verify(trial.secret)).state];
    expect(await states()).toEqual(['live', 'live']);
    await decide(false);
    expect(await states()).toEqual(['revoked', 'live']);
    await decide(true);
    expect(await states()).toEqual(['live', 'live']);
  });

  test('there are no further keys of its apps, made or rotated; those for trial go on', async () => {
    const { organisation, decide } = await verified();
    const [liveApp, trialApp] = [
      await makeApp({ organisationId: organisation, sandbox: false }),
      await makeApp({ organisationId: organisation }),
    ];
    const [live, trial] = [await madeKey(liveApp), await madeKey(trialApp)];
    await decide(false);
    const rotate = (keyId: string) =>
      users.codes('rotateApiKey', { keyId, overlapHours: 1, idempotencyKey: newId('idk') }, owner);
    expect((await makeKey(liveApp)).userErrors.map(({ code }) => code)).toEqual(['FORBIDDEN']);
    expect(await rotate(live.key.id)).toEqual(['FORBIDDEN']);
    expect(await rotate(trial.key.id)).toEqual([]);
    expect(await users.codes('revokeApiKey', { keyId: live.key.id }, owner)).toEqual([]);
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
