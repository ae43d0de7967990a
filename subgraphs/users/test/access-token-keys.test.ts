import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { readUsersConfig } from '../src/config.ts';
import { createAccessTokens } from '../src/domain/access-tokens.ts';

async function newKey(kid: string) {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { ...(await exportJWK(privateKey)), kid } as {
    kty: 'OKP';
    crv: string;
    kid: string;
    x: string;
    d: string;
  };
}
const claims = { personId: 'usr_1', deviceId: 'dev_1', roles: [], now: new Date() };

test('while one key takes over from the other, tokens of both are good by what is published', async () => {
  const [old, next] = [await newKey('a1'), await newKey('a2')];
  const published = async (key: typeof old) => (await createAccessTokens(key)).jwks.keys;
  const before = await createAccessTokens(old, await published(next));
  const after = await createAccessTokens(next, await published(old));
  for (const signer of [before, after]) {
    const { token } = await signer.sign(claims);
    for (const publisher of [before, after]) {
      const { payload } = await jwtVerify(token, createLocalJWKSet(publisher.jwks), { issuer: 'banyan' });
      expect(payload.sub).toBe('usr_1');
    }
  }
});

test('a private key that was put among those to publish is not published', async () => {
  const [own, other] = [await newKey('a1'), await newKey('a2')];
  const config = readUsersConfig({
    PORT: '0',
    DATABASE_URL: 'postgres://127.0.0.1/users',
    HOP_KEYS: `h:${Buffer.alloc(32).toString('base64url')}`,
    ASSERTION_JWKS: JSON.stringify({ keys: [own] }),
    SANDBOX_URL: 'http://127.0.0.1:9',
    FIELD_KEY: Buffer.alloc(32).toString('base64url'),
    ACCESS_TOKEN_KEY: JSON.stringify(own),
    ACCESS_TOKEN_OTHER_KEYS: JSON.stringify({ keys: [other] }),
  });
  const { jwks } = await createAccessTokens(config.ACCESS_TOKEN_KEY, config.ACCESS_TOKEN_OTHER_KEYS.keys);
  expect(jwks.keys.map(({ kid }) => kid)).toEqual(['a1', 'a2']);
  expect(jwks.keys.filter((key) => 'd' in key)).toEqual([]);
});
