import { describe, expect, test } from 'vitest';
import { ask, hashOf, live, newKey, refused, startVerifier } from './support/api-keys.ts';
import { startEdge } from './support/edge.ts';

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
