import { createHash, randomBytes } from 'node:crypto';
import { createLogger } from '@banyan/kit/service';
import { describe, expect, test } from 'vitest';
import { createApiKeyVerifier } from '../src/identity/api-key.ts';
import { startEdge, type Edge } from './support/edge.ts';
import { createHopKey, startKeyServer, type KeyVerdict } from './support/keys.ts';

const newKey = (kind = 'live') => `bk_${kind}_${randomBytes(32).toString('base64url')}`;
const hashOf = (key: string) => createHash('sha256').update(key).digest('base64url');
const live = (more: Partial<KeyVerdict> = {}): KeyVerdict => ({
  state: 'live',
  appId: 'app_1',
  organisationId: 'org_1',
  scopes: ['keys:manage'],
  sandbox: false,
  expiresAtMs: Date.now() + 3_600_000,
  ...more,
});
const whoAmI = '{ caller callerRoles callerApp }';
const ask = (edge: Edge, key: string, headers: Record<string, string> = {}) =>
  edge.ask(whoAmI, { headers: { 'banyan-api-key': key, ...headers } });

/** Users, and an edge's verifier whose clock the test sets. */
async function startVerifier() {
  const hopKey = createHopKey('hop-1');
  const users = await startKeyServer([], [hopKey]);
  const clock = { nowMs: Date.now() };
  const log = createLogger({ service: 'test', level: 'silent' });
  const verifier = createApiKeyVerifier({ url: users.url, hopKey, log, now: () => clock.nowMs });
  const outcome = async (key: string) => {
    try {
      return (await verifier.verify(key, null)).app?.id;
    } catch (error) {
      return (error as { extensions: { reason?: string; code: string } }).extensions;
    }
  };
  return { users, clock, outcome };
}
const refused = (reason: string) => ({ code: 'UNAUTHENTICATED', reason });

describe('an app', () => {
  test('is known by its key: no person, with the scopes of the key', async () => {
    const edge = await startEdge();
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), live());
    const { body } = await ask(edge, key);
    expect(body.data).toMatchObject({ caller: null, callerRoles: [] });
    expect(JSON.parse(String(body.data?.['callerApp']))).toEqual({
      id: 'app_1',
      organisationId: 'org_1',
      scopes: ['keys:manage'],
      sandbox: false,
    });
  });

  test('is asked about once in a while, and users never gets the key itself', async () => {
    const edge = await startEdge();
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), live());
    await Promise.all([ask(edge, key), ask(edge, key)]);
    await ask(edge, key);
    expect(edge.users.state.lookups).toEqual([JSON.stringify({ hash: hashOf(key) })]);
  });

  test('of one key is never taken for that of another', async () => {
    const edge = await startEdge();
    const [one, other] = [newKey(), newKey('test')];
    edge.users.state.apiKeys.set(hashOf(one), live());
    edge.users.state.apiKeys.set(hashOf(other), live({ appId: 'app_2', sandbox: true, scopes: [] }));
    const answers = await Promise.all([ask(edge, one), ask(edge, other)]);
    const apps = answers.map(({ body }) => JSON.parse(String(body.data?.['callerApp'])) as { id: string });
    expect(apps.map(({ id }) => id)).toEqual(['app_1', 'app_2']);
  });
});

describe('a key is refused', () => {
  test.each([
    ['unknown', 'API_KEY_INVALID'],
    ['expired', 'API_KEY_EXPIRED'],
    ['revoked', 'API_KEY_REVOKED'],
  ])('that is %s, with a code of its own, and nothing runs', async (state, reason) => {
    const edge = await startEdge();
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), { state });
    const answer = await ask(edge, key);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^ApiKey/);
    expect(answer.body.errors?.[0]?.extensions).toEqual(refused(reason));
    expect(JSON.stringify(answer.body)).not.toContain(key);
    expect(edge.shop.operations).toEqual([]);
  });

  test.each([
    '',
    'bk_live_',
    'bk_live_short',
    newKey('other'),
    `${newKey()}x`,
    newKey().toUpperCase(),
    `bk_live_${'x'.repeat(8_000)}`,
    `${newKey()}, ${newKey()}`,
  ])('that is none, without asking anybody: %s', async (key) => {
    const edge = await startEdge();
    const answer = await ask(edge, key);
    expect(answer.status).toBe(401);
    expect(answer.body.errors).toEqual([
      {
        message:
          'The API key is not valid: bk_live_ or bk_test_ and 43 characters make one, and nothing else.',
        extensions: refused('API_KEY_INVALID'),
      },
    ]);
    expect(edge.users.state.lookups).toEqual([]);
  });

  test('beside an access token, however good both are', async () => {
    const edge = await startEdge();
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), live());
    const answer = await ask(edge, key, { authorization: `Bearer ${await edge.token()}` });
    expect(answer.status).toBe(400);
    expect(edge.shop.operations).toEqual([]);
  });

  test('as a bearer token', async () => {
    const edge = await startEdge();
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), live());
    const answer = await edge.ask(whoAmI, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(401);
  });
});

describe('what users said of a key', () => {
  test('counts for 30 seconds: then a revoked key is refused', async () => {
    const { users, clock, outcome } = await startVerifier();
    const key = newKey();
    users.state.apiKeys.set(hashOf(key), live());
    expect(await outcome(key)).toBe('app_1');
    users.state.apiKeys.set(hashOf(key), { state: 'revoked' });
    clock.nowMs += 29_999;
    expect(await outcome(key)).toBe('app_1');
    clock.nowMs += 1;
    expect(await outcome(key)).toEqual(refused('API_KEY_REVOKED'));
    await users.stop();
    expect(await outcome(key)).toEqual(refused('API_KEY_REVOKED'));
  });

  test('counts no longer than the key itself', async () => {
    const { users, clock, outcome } = await startVerifier();
    const key = newKey();
    users.state.apiKeys.set(hashOf(key), live({ expiresAtMs: clock.nowMs + 5_000 }));
    expect(await outcome(key)).toBe('app_1');
    users.state.apiKeys.set(hashOf(key), { state: 'expired' });
    clock.nowMs += 5_000;
    expect(await outcome(key)).toEqual(refused('API_KEY_EXPIRED'));
    await users.stop();
  });

  test('a refusal counts for 10 seconds, so that a wrong key in a loop asks seldom', async () => {
    const { users, clock, outcome } = await startVerifier();
    const key = newKey();
    for (let time = 0; time < 5; time += 1) expect(await outcome(key)).toEqual(refused('API_KEY_INVALID'));
    expect(users.state.lookups).toHaveLength(1);
    users.state.apiKeys.set(hashOf(key), live());
    clock.nowMs += 10_000;
    expect(await outcome(key)).toBe('app_1');
    await users.stop();
  });
});

describe('whoever sends made-up keys', () => {
  test('keeps nobody from being known whose key was good before', async () => {
    const { users, clock, outcome } = await startVerifier();
    const [good, revoked] = [newKey(), newKey()];
    for (const key of [good, revoked]) {
      users.state.apiKeys.set(hashOf(key), live());
      await outcome(key);
    }
    clock.nowMs += 30_000;
    users.state.apiKeys.set(hashOf(revoked), { state: 'revoked' });
    // Users has so much to do with the others that it says nothing yet.
    const said = Promise.withResolvers<void>();
    users.state.answering = said.promise;
    const madeUp = Array.from({ length: 65 }, () => outcome(newKey()));
    expect(await Promise.race(madeUp)).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', retryAfterSeconds: 1 });
    const known = [outcome(good), outcome(revoked)];
    await expect.poll(() => users.state.lookups.length).toBe(2 + 64 + 2);
    said.resolve();
    expect(await Promise.all(known)).toEqual(['app_1', refused('API_KEY_REVOKED')]);
    await Promise.all(madeUp);
    await users.stop();
  });

  test('asks about no more of them than an address may send requests', async () => {
    const edge = await startEdge({ QUOTA_STRANGER_REQUESTS_PER_MINUTE: '3' });
    const key = newKey();
    edge.users.state.apiKeys.set(hashOf(key), live());
    await ask(edge, key);
    const statuses: number[] = [];
    for (let time = 0; time < 6; time += 1) statuses.push((await ask(edge, newKey())).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
    expect(edge.users.state.lookups).toHaveLength(4);
    // Who is known already is known on.
    expect((await ask(edge, key)).status).toBe(200);
  });

  test('asks about no more of them by sending all at once', async () => {
    const edge = await startEdge({ QUOTA_STRANGER_REQUESTS_PER_MINUTE: '3' });
    const said = Promise.withResolvers<void>();
    edge.users.state.answering = said.promise;
    const statuses: number[] = [];
    const asked = Array.from({ length: 30 }, async () => statuses.push((await ask(edge, newKey())).status));
    await expect.poll(() => statuses.length).toBe(27);
    expect(new Set(statuses)).toEqual(new Set([429]));
    expect(edge.users.state.lookups).toHaveLength(3);
    said.resolve();
    await Promise.all(asked);
    expect((await ask(edge, newKey())).status).toBe(429);
    expect(edge.users.state.lookups).toHaveLength(3);
  });

  test('pays alone: the requests of an app are charged to it, and to no address', async () => {
    const edge = await startEdge({
      QUOTA_STRANGER_REQUESTS_PER_MINUTE: '3',
      QUOTA_APP_REQUESTS_PER_MINUTE: '7',
    });
    const statuses: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      const key = newKey();
      edge.users.state.apiKeys.set(hashOf(key), live());
      statuses.push((await ask(edge, key)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 429]);
    const unmet = await Promise.all([newKey(), newKey(), newKey()].map((key) => ask(edge, key)));
    expect(unmet.map(({ status }) => status)).toEqual([401, 401, 401]);
  });
});

test('when very many keys that were good are due at once, some count a little longer', async () => {
  const { users, clock, outcome } = await startVerifier();
  const keys = Array.from({ length: 65 }, () => newKey());
  for (const key of keys) users.state.apiKeys.set(hashOf(key), live());
  for (const key of keys) await outcome(key);
  clock.nowMs += 30_000;
  const outcomes = await Promise.all(keys.map(outcome));
  expect(new Set(outcomes)).toEqual(new Set(['app_1']));
  expect(users.state.lookups).toHaveLength(65 + 64);
  await users.stop();
});

describe('while users is away', () => {
  test('keys that are known go on for ten minutes, and others get 503', async () => {
    const { users, clock, outcome } = await startVerifier();
    const key = newKey();
    users.state.apiKeys.set(hashOf(key), live({ expiresAtMs: clock.nowMs + 3_600_000 }));
    await outcome(key);
    await users.stop();
    const away = { code: 'SUBGRAPH_UNAVAILABLE', retryAfterSeconds: 1 };
    expect(await outcome(newKey())).toEqual(away);
    clock.nowMs += 599_999;
    expect(await outcome(key)).toBe('app_1');
    clock.nowMs += 1;
    expect(await outcome(key)).toEqual(away);
  });

  test('no key outlives its own end', async () => {
    const { users, clock, outcome } = await startVerifier();
    const key = newKey();
    users.state.apiKeys.set(hashOf(key), live({ expiresAtMs: clock.nowMs + 60_000 }));
    await outcome(key);
    await users.stop();
    clock.nowMs += 60_000;
    expect(await outcome(key)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
  });

  test('the edge says 503 and when to try again', async () => {
    const edge = await startEdge();
    await edge.users.stop();
    const answer = await ask(edge, newKey());
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await edge.ask('{ hello }')).status).toBe(200);
  });
});
