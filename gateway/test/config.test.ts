import { ConfigError } from '@banyan/kit/service';
import { expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { configFrom } from '../src/config.ts';
import { createHopKey, createSigningKey } from './support/keys.ts';
import { silent } from './support/subgraph.ts';

async function makeEnv() {
  const { id, secret } = createHopKey('hop-1');
  return {
    PORT: '0',
    SUBGRAPH_URLS: 'shop=http://127.0.0.1:4101',
    HOP_KEYS: `${id}:${secret.toString('base64url')}`,
    ASSERTION_KEY: JSON.stringify((await createSigningKey('edge-1')).privateJwk),
    ACCESS_TOKEN_JWKS_URL: 'http://127.0.0.1:4101/.well-known/jwks.json',
  };
}

test('settings that are wrong are named, and their values are not shown', async () => {
  const env = { ...(await makeEnv()), HOP_KEYS: 'hop-1:dG9vIHNob3J0', MAX_DEPTH: '0', SUBGRAPH_URLS: 'shop' };
  expect(() => configFrom(env)).toThrow(ConfigError);
  expect(() => configFrom(env)).toThrow(/SUBGRAPH_URLS:[^]*HOP_KEYS:[^]*MAX_DEPTH:/);
  expect(() => configFrom(env)).not.toThrow('dG9vIHNob3J0');
});

test('introspection and the explorer are off unless they are switched on', async () => {
  expect(configFrom(await makeEnv())).toMatchObject({ INTROSPECTION: false, EXPLORER: false });
});

test('a supergraph that is missing, or is none, ends the start with one clear line', async () => {
  const missing = configFrom({ ...(await makeEnv()), SUPERGRAPH_PATH: '/nowhere/supergraph.graphql' });
  await expect(createApp(missing, { log: silent })).rejects.toThrow(
    /^SUPERGRAPH_PATH: \/nowhere\/supergraph\.graphql cannot be read/,
  );
  const config = configFrom(await makeEnv());
  await expect(createApp(config, { log: silent, supergraphSdl: 'type Query { a: Int }' })).rejects.toThrow(
    ConfigError,
  );
});
