import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';
import { ask } from './support/identity.ts';
import { createSigningKey, signAccessToken } from './support/keys.ts';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function expectRefused(
  edge: Edge,
  authorization: string,
  reason: 'TOKEN_INVALID' | 'TOKEN_EXPIRED',
): Promise<void> {
  const answer = await ask(edge, authorization);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  expect(answer.body).toEqual({
    errors: [{ message: expect.any(String) as unknown, extensions: { code: 'UNAUTHENTICATED', reason } }],
  });
  expect(edge.shop.operations).toEqual([]);
}

describe('a token is refused', () => {
  test('that has expired', async () => {
    const edge = await startEdge();
    await expectRefused(
      edge,
      `Bearer ${await edge.token({ expiresIn: Math.floor(Date.now() / 1_000) - 60 })}`,
      'TOKEN_EXPIRED',
    );
  });

  test('that has expired since it was good here', async () => {
    const edge = await startEdge({ QUOTAS: 'off' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const authorization = `Bearer ${await edge.token({ expiresIn: '1m' })}`;
    expect((await ask(edge, authorization)).status).toBe(200);
    vi.setSystemTime(Date.now() + 66_000);
    const answer = await ask(edge, authorization);
    expect(answer.status).toBe(401);
    expect(answer.body.errors?.[0]?.extensions['reason']).toBe('TOKEN_EXPIRED');
  });

  test.each([
    ['for another audience', { aud: 'banyan-partner' }],
    ['from another issuer', { iss: 'banyan-gateway' }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with roles that are no list', { roles: 'REVIEWER' }],
    ['with roles that are no words', { roles: [{ name: 'REVIEWER' }] }],
    ['that counts from later', { nbf: Math.floor(Date.now() / 1_000) + 3_600 }],
  ])('%s', async (_case, claims) => {
    const edge = await startEdge();
    await expectRefused(edge, `Bearer ${await edge.token(claims)}`, 'TOKEN_INVALID');
  });

  test('that never expires', async () => {
    const edge = await startEdge();
    const token = await new SignJWT({ roles: [] })
      .setProtectedHeader({ alg: 'EdDSA', kid: edge.usersKey.kid })
      .setIssuer('banyan')
      .setAudience('banyan-graph')
      .setSubject('usr_1')
      .sign(edge.usersKey.key);
    await expectRefused(edge, `Bearer ${token}`, 'TOKEN_INVALID');
  });

  test('that is not signed', async () => {
    const edge = await startEdge();
    const claims = { sub: 'usr_1', roles: [], iss: 'banyan', aud: 'banyan-graph' };
    await expectRefused(
      edge,
      `Bearer ${new UnsecuredJWT(claims).setExpirationTime('5m').encode()}`,
      'TOKEN_INVALID',
    );
  });

  test('that takes the public key for a shared secret', async () => {
    const edge = await startEdge();
    const publicKey = (await importJWK(edge.usersKey.publicJwk, 'EdDSA')) as CryptoKey;
    const text = [
      base64url({ alg: 'HS256', kid: edge.usersKey.kid }),
      base64url({
        sub: 'usr_1',
        roles: [],
        iss: 'banyan',
        aud: 'banyan-graph',
        exp: Math.floor(Date.now() / 1_000) + 300,
      }),
    ].join('.');
    for (const secret of [
      await exportSPKI(publicKey),
      Buffer.from(edge.usersKey.publicJwk.x ?? '', 'base64url'),
    ]) {
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      await expectRefused(edge, `Bearer ${text}.${signature}`, 'TOKEN_INVALID');
    }
  });

  test('of another algorithm, though its key is published', async () => {
    const edge = await startEdge();
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'users-es' };
    edge.users.state.keys = [edge.usersKey.publicJwk, jwk];
    const token = await new SignJWT({ roles: [] })
      .setProtectedHeader({ alg: 'ES256', kid: 'users-es' })
      .setIssuer('banyan')
      .setAudience('banyan-graph')
      .setSubject('usr_1')
      .setExpirationTime('5m')
      .sign(privateKey);
    await expectRefused(edge, `Bearer ${token}`, 'TOKEN_INVALID');
  });

  test('of an unknown key id, and of a foreign key under a known one', async () => {
    const edge = await startEdge();
    const foreign = await createSigningKey('users-9');
    await expectRefused(edge, `Bearer ${await signAccessToken(foreign)}`, 'TOKEN_INVALID');
    await expectRefused(
      edge,
      `Bearer ${await signAccessToken({ ...foreign, kid: edge.usersKey.kid })}`,
      'TOKEN_INVALID',
    );
  });

  test('of a key that was taken back, within five minutes, however long it would live and however often it was good', async () => {
    const edge = await startEdge({ QUOTAS: 'off' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const next = await createSigningKey('users-2');
    const stolen = `Bearer ${await edge.token({ expiresIn: '10y' })}`;
    expect((await ask(edge, stolen)).status).toBe(200);
    edge.users.state.keys = [next.publicJwk];
    vi.setSystemTime(Date.now() + 5 * 60_000);
    const renewed = `Bearer ${await signAccessToken(next, { sub: 'usr_2' })}`;
    await expect.poll(async () => (await ask(edge, stolen)).status, { timeout: 10_000 }).toBe(401);
    expect((await ask(edge, renewed)).status).toBe(200);
    expect((await ask(edge, stolen)).status).toBe(401);
  });

  test('of a key that was taken back, as soon as the edge has met another one', async () => {
    const edge = await startEdge({ QUOTAS: 'off' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const next = await createSigningKey('users-2');
    const stolen = `Bearer ${await edge.token()}`;
    expect((await ask(edge, stolen)).status).toBe(200);
    edge.users.state.keys = [next.publicJwk];
    vi.setSystemTime(Date.now() + 10_000);
    expect((await ask(edge, `Bearer ${await signAccessToken(next)}`)).status).toBe(200);
    expect((await ask(edge, stolen)).status).toBe(401);
  });

  test('that brings its own key, or the address of one', async () => {
    const edge = await startEdge();
    const foreign = await createSigningKey('mine');
    for (const header of [
      { jwk: foreign.publicJwk },
      { jku: 'http://127.0.0.1:1/keys.json' },
      { x5u: 'http://127.0.0.1:1/' },
    ]) {
      const token = await new SignJWT({ sub: 'usr_1', roles: [], iss: 'banyan', aud: 'banyan-graph' })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'mine', ...header })
        .setExpirationTime('5m')
        .sign(foreign.key);
      await expectRefused(edge, `Bearer ${token}`, 'TOKEN_INVALID');
    }
  });

  test('that was changed after it was signed', async () => {
    const edge = await startEdge();
    const [header, , signature] = (await edge.token()).split('.');
    const claims = {
      sub: 'usr_2',
      roles: ['REVIEWER'],
      iss: 'banyan',
      aud: 'banyan-graph',
      exp: Math.floor(Date.now() / 1_000) + 300,
    };
    await expectRefused(edge, `Bearer ${header}.${base64url(claims)}.${signature}`, 'TOKEN_INVALID');
  });

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer ....',
    'Bearer x',
    'Basic dXNyOnB3',
    'usr_1',
    `Bearer ${'x'.repeat(9_000)}`,
  ])('that is none: %s', async (authorization) => {
    const edge = await startEdge();
    await expectRefused(edge, authorization, 'TOKEN_INVALID');
  });
});

test.each(['usr_1', 'Basic dXNyOnB3', 'Bearer'])(
  'who sends something else than a bearer token is told what to send: %s',
  async (authorization) => {
    const edge = await startEdge();
    expect((await ask(edge, authorization)).body.errors?.[0]?.message).toBe(
      'The authorization header takes Bearer, a space and an access token.',
    );
  },
);
