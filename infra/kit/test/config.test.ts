import { expect, test } from 'vitest';
import { z } from 'zod';
import { json, readConfig, serviceSettings, urlLists, urlMap } from '../src/service/service.ts';

const two = 'users=http://127.0.0.1:1,users=http://127.0.0.1:2';

test('a service may have several addresses where there may be several, and one where there may be one', () => {
  expect(urlLists.parse(`${two},circles=http://127.0.0.1:3`)).toEqual({
    users: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
    circles: ['http://127.0.0.1:3'],
  });
  expect(urlMap.parse('users=http://127.0.0.1:1')).toEqual({ users: 'http://127.0.0.1:1' });
  expect(urlMap.safeParse(two).error?.issues).toMatchObject([
    { message: 'expected name=url,name=url, each name once' },
  ]);
});

test.each(['users', '=http://127.0.0.1:1', 'users=', 'users=somewhere', 'users=http://a,circles'])(
  'addresses written as "%s" are refused',
  (text) => {
    expect(urlLists.safeParse(text).success).toBe(false);
    expect(urlMap.safeParse(text).success).toBe(false);
  },
);

test('settings that are missing or wrong are named, the missing as missing, and no value is told', () => {
  const settings = z.object({
    ...serviceSettings,
    SUBGRAPH_URLS: urlLists,
    SIGNING_KEY: json(z.object({ kty: z.literal('OKP') })),
  });
  const env = { LOG_LEVEL: 'loud', SIGNING_KEY: '{"kty":"a secret"}' };
  expect(() => readConfig(settings, env)).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      message: `The settings are not usable:
  PORT: is required and not set
  LOG_LEVEL: Invalid option: expected one of "fatal"|"error"|"warn"|"info"|"debug"|"trace"|"silent"
  SUBGRAPH_URLS: is required and not set
  SIGNING_KEY.kty: Invalid input: expected "OKP"`,
    }),
  );
});
