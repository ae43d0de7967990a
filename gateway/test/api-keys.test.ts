import { describe, expect, test } from 'vitest';
import { ask, hashOf, live, newKey, refused, startVerifier, whoAmI } from './support/api-keys.ts';
import { startEdge } from './support/edge.ts';

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
