import { randomBytes } from 'node:crypto';
import { createLogger } from '@banyan/kit/service';
import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import { ask, whoAmI } from './support/identity.ts';
import { createSigningKey, signAccessToken } from './support/keys.ts';

const newKey = () => `bk_live_${randomBytes(32).toString('base64url')}`;

describe('who asks', () => {
  test('is nobody in particular without a token', async () => {
    const edge = await startEdge();
    expect((await edge.ask(whoAmI)).body.data).toEqual({ caller: null, callerRoles: [] });
  });

  test('is the holder of the token, with the roles that it names', async () => {
    const edge = await startEdge();
    const token = await edge.token({ sub: 'usr_7', roles: ['REVIEWER', 'ACCOUNTANT'] });
    for (const _time of [1, 2]) {
      expect((await ask(edge, `Bearer ${token}`)).body.data).toEqual({
        caller: 'usr_7',
        callerRoles: ['REVIEWER', 'ACCOUNTANT'],
      });
    }
    expect(edge.users.state.fetches).toBe(1);
  });

  test('is known by a key that was published later', async () => {
    const edge = await startEdge();
    const next = await createSigningKey('users-2');
    edge.users.state.keys = [edge.usersKey.publicJwk, next.publicJwk];
    expect((await ask(edge, `Bearer ${await signAccessToken(next)}`)).body.data).toMatchObject({
      caller: 'usr_1',
    });
  });

  test('stays known while users is away, once its keys are here', async () => {
    const edge = await startEdge();
    await ask(edge, `Bearer ${await edge.token()}`);
    await edge.users.stop();
    expect((await ask(edge, `Bearer ${await edge.token({ sub: 'usr_2' })}`)).body.data).toMatchObject({
      caller: 'usr_2',
    });
  });

  test('cannot be told while users was never there: that is no reason to sign anybody out', async () => {
    const edge = await startEdge();
    await edge.users.stop();
    const answer = await ask(edge, `Bearer ${await edge.token()}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect((await edge.ask('{ hello }')).status).toBe(200);
  });

  test('and that users is away is told in the log, though not for each request', async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const edge = await startEdge({}, {}, createLogger({ service: 'gateway', level: 'warn' }, { write }));
    await edge.users.stop();
    for (let time = 1; time <= 5; time += 1) {
      expect((await ask(edge, `Bearer ${await edge.token()}`)).status).toBe(503);
      expect((await edge.ask(whoAmI, { headers: { 'banyan-api-key': newKey() } })).status).toBe(503);
    }
    const told = (words: string) => lines.filter((line) => line.includes(words));
    expect(told('the keys of access tokens are not to be had')).toHaveLength(1);
    expect(told('API keys cannot be checked')).toHaveLength(1);
  });
});
