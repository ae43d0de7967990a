import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHopVerifier, signedRoute, type HopKey } from '@banyan/kit/hop';
import { closeAtOnce, createLogger, sendJson } from '@banyan/kit/service';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

const silent = createLogger({ service: 'test', level: 'silent' });

export interface SigningKey {
  kid: string;
  key: CryptoKey;
  privateJwk: JWK & { kid: string };
  publicJwk: JWK & { kid: string };
}

export async function createSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  return { kid, key: privateKey, privateJwk: { ...privateJwk, kid }, publicJwk: { ...publicJwk, kid } };
}

export function createHopKey(id: string) {
  return { id, secret: randomBytes(32) };
}

export interface TokenClaims extends JWTPayload {
  expiresIn?: string | number;
}

/** An access token as the users subgraph makes it, unless `claims` say otherwise. */
export function signAccessToken(
  signer: SigningKey,
  { expiresIn = '5m', ...claims }: TokenClaims = {},
): Promise<string> {
  return new SignJWT({ sub: 'usr_1', roles: [], iss: 'banyan', aud: 'banyan-graph', ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid })
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(signer.key);
}

/** What users says of an API key. */
export type KeyVerdict = { state: string } & Record<string, unknown>;

/**
 * What the edge asks of users: the keys that it publishes, and what it knows of API keys, which it tells to whoever signs.
 * `keys` and `apiKeys` may change while it runs; the keys are not told before `published`,
 * nor anything of API keys before `answering`.
 */
export async function startKeyServer(keys: (JWK & { kid: string })[], hopKeys: readonly HopKey[] = []) {
  /** API keys by their SHA-256. */
  const apiKeys = new Map<string, KeyVerdict>();
  const published: Promise<void> = Promise.resolve();
  const answering: Promise<void> = Promise.resolve();
  const state = { keys, published, fetches: 0, apiKeys, answering, lookups: [] as string[] };
  const verifyKey = signedRoute(
    { subgraph: 'users', verifier: createHopVerifier(hopKeys), log: silent },
    async (_request, response, _url, body) => {
      state.lookups.push(body.toString());
      await state.answering;
      const { hash } = JSON.parse(body.toString()) as { hash: string };
      sendJson(response, 200, apiKeys.get(hash) ?? { state: 'unknown' });
    },
  );
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void verifyKey(request, response, new URL(request.url ?? '/', 'http://users'));
      return;
    }
    state.fetches += 1;
    void state.published.then(() => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: state.keys }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`,
    stop: () => closeAtOnce(server),
  };
}
