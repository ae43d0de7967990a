import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buildASTSchema, isObjectType, Kind, parse, visit } from 'graphql';
import { generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signHop, type HopKey, type SignedRequest } from '../hop/hop.ts';
import { testGatewayKey, testHopKey, type As, type AsApp, type TestSubgraph } from './test-subgraph.ts';

const typename = JSON.stringify({ query: '{ __typename }' });

/** What each attack on the hop changes in an otherwise good request. */
const attacks: Readonly<
  Record<string, (good: SignedRequest) => { headers: Record<string, string>; body?: string }>
> = {
  'without a signature': () => ({ headers: {} }),
  'signed with another key': (good) => ({ headers: signHop(otherKey, good) }),
  'signed with a key of another id': (good) => ({ headers: signHop({ ...testHopKey, id: 'nobody' }, good) }),
  'signed an hour ago': (good) => ({ headers: signHop(testHopKey, good, Date.now() - 3_600_000) }),
  'signed for an hour from now': (good) => ({ headers: signHop(testHopKey, good, Date.now() + 3_600_000) }),
  'signed for another body': (good) => ({ headers: signHop(testHopKey, { ...good, body: '{}' }) }),
  'signed for another subgraph': (good) => ({
    headers: signHop(testHopKey, { ...good, subgraph: 'nobody' }),
  }),
  'signed for another path': (good) => ({ headers: signHop(testHopKey, { ...good, path: '/events' }) }),
  'signed for another method': (good) => ({ headers: signHop(testHopKey, { ...good, method: 'GET' }) }),
  'signed long ago, under the time of now': (good) => ({
    headers: { ...signHop(testHopKey, good, Date.now() - 3_600_000), 'banyan-timestamp': String(Date.now()) },
  }),
  'with a cut signature': (good) => {
    const headers = signHop(testHopKey, good);
    return { headers: { ...headers, 'banyan-signature': headers['banyan-signature'].slice(0, 10) } };
  },
};
const otherKey: HopKey = { id: testHopKey.id, secret: randomBytes(32) };

/** An assertion as the gateway makes it, unless `claims`, `lifeSeconds` or `key` say otherwise. */
async function assertionFor(
  audience: string,
  but: { claims?: JWTPayload; lifeSeconds?: number; agoSeconds?: number; key?: CryptoKey } = {},
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1_000) - (but.agoSeconds ?? 0);
  const claims = { iss: 'banyan-gateway', sub: 'usr_1', roles: [], ...but.claims };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: testGatewayKey.kid })
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (but.lifeSeconds ?? 60))
    .sign(but.key ?? ((await importJWK(testGatewayKey, 'EdDSA')) as CryptoKey));
}

const app = { id: 'app_1', organisationId: 'org_1', scopes: [], sandbox: false };

/** What is wrong with each assertion that a subgraph refuses, though the hop is signed. */
const forgeries: Readonly<Record<string, (name: string) => Promise<string> | string>> = {
  'that is not signed': () => 'eyJhbGciOiJub25lIn0.e30.',
  'for another subgraph': () => assertionFor('nobody'),
  'that has expired': (name) => assertionFor(name, { agoSeconds: 70 }),
  'from a clock that is a minute ahead': (name) => assertionFor(name, { agoSeconds: -60 }),
  'that would live for an hour': (name) => assertionFor(name, { lifeSeconds: 3_600 }),
  'from another issuer': (name) => assertionFor(name, { claims: { iss: 'banyan' } }),
  'of another key under the same id': async (name) =>
    assertionFor(name, { key: (await generateKeyPair('EdDSA')).privateKey }),
  'that names nobody': (name) => assertionFor(name, { claims: { sub: '' } }),
  'that names an app as well as a person': (name) => assertionFor(name, { claims: { app } }),
  'that gives roles to an app': (name) =>
    assertionFor(name, { claims: { sub: undefined, roles: ['REVIEWER'], app } }),
};

function post(subgraph: TestSubgraph, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

function signed(name: string, body: string): Record<string, string> {
  return signHop(testHopKey, { subgraph: name, method: 'POST', path: '/graphql', body });
}

/** Connections of the SDL whose field does not take `first` and `after`. */
function listsWithoutPages(sdl: string): string[] {
  const found: string[] = [];
  visit(parse(sdl), {
    FieldDefinition(field) {
      const type = JSON.stringify(field.type);
      const names = (field.arguments ?? []).map((argument) => argument.name.value);
      if (/"[A-Za-z]+Connection"/.test(type) && !(names.includes('first') && names.includes('after')))
        found.push(field.name.value);
    },
  });
  return found;
}

/** Mutations whose payload does not tell user errors. */
function mutationsWithoutUserErrors(sdl: string): string[] {
  const document = parse(sdl);
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION);
  const schema = buildASTSchema({ ...document, definitions }, { assumeValidSDL: true });
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  return fields
    .filter((field) => {
      const payload = schema.getType(String(field.type).replace(/!/g, ''));
      return !isObjectType(payload) || !('userErrors' in payload.getFields());
    })
    .map((field) => field.name);
}

/**
 * What every subgraph promises, whatever it is about: its edge is closed to all but the gateway, its errors tell nothing
 * of its inside, its schema keeps the conventions, what is one person's is nobody else's.
 */
export function describeConformance(name: string, start: () => Promise<TestSubgraph>): void {
  describe(`the ${name} subgraph, as every subgraph,`, () => {
    let subgraph: TestSubgraph;
    let sdl: string;
    beforeAll(async () => {
      subgraph = await start();
      const answer = await subgraph.ask<{ _service: { sdl: string } }>('{ _service { sdl } }');
      sdl = answer.data._service.sdl;
    });
    afterAll(() => subgraph.stop());

    describeHop(name, () => subgraph);
    describeOperations(name, () => subgraph);

    test('says that it is live and ready, and gives its figures', async () => {
      const [live, ready, metrics] = await Promise.all(
        ['/health/live', '/health/ready', '/metrics'].map((path) => fetch(subgraph.url + path)),
      );
      expect([live?.status, ready?.status]).toEqual([200, 200]);
      expect(await metrics?.text()).toContain('banyan_http_request_seconds');
    });

    test('keeps the conventions of the graph', () => {
      expect({
        listsWithoutPages: listsWithoutPages(sdl),
        mutationsWithoutUserErrors: mutationsWithoutUserErrors(sdl),
      }).toEqual({
        listsWithoutPages: [],
        mutationsWithoutUserErrors: [],
      });
    });

    test('gives nothing of a Viewer to anybody else', async () => {
      if (!/type Viewer/.test(sdl)) return;
      const owner = `usr_${createHash('sha256').update(name).digest('hex').slice(0, 26)}`;
      const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Viewer { id } } }';
      const variables = { r: [{ __typename: 'Viewer', id: owner }] };
      const others: (As | AsApp)[] = [
        null,
        { id: 'usr_somebody_else', roles: ['ACCOUNTANT', 'REVIEWER'] },
        // An app is no person, also where it calls itself by the name of one.
        { appId: owner, scopes: ['REVIEWER'] },
      ];
      const answers = await Promise.all(others.map((as) => subgraph.ask(query, variables, as)));
      expect(answers.map(({ data }) => data)).toEqual(others.map(() => ({ _entities: [null] })));
      expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
        'UNAUTHENTICATED',
        'FORBIDDEN',
        'FORBIDDEN',
      ]);
    });
  });
}

function describeHop(name: string, subgraph: () => TestSubgraph): void {
  test.each(Object.keys(attacks))('refuses a request %s', async (attack) => {
    const good: SignedRequest = { subgraph: name, method: 'POST', path: '/graphql', body: typename };
    const { headers = {} } = attacks[attack]?.(good) ?? {};
    const response = await post(subgraph(), typename, headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'HOP_REFUSED' } }] });
  });

  test('refuses a request that it has seen, also under another nonce', async () => {
    const headers = signed(name, typename);
    const first = await post(subgraph(), typename, headers);
    const second = await post(subgraph(), typename, headers);
    const third = await post(subgraph(), typename, { ...headers, 'banyan-nonce': randomUUID() });
    expect([first.status, second.status, third.status]).toEqual([200, 401, 401]);
  });

  test('does not open its streams to strangers, nor to a signature for something else', async () => {
    const body = JSON.stringify({ query: 'subscription { __typename }' });
    const headers = { 'content-type': 'application/json', ...signed(name, body) };
    const to = `${subgraph().url}/subscriptions`;
    const answers = await Promise.all([
      fetch(to, { method: 'POST', body }),
      fetch(to, { method: 'POST', body, headers }),
    ]);
    const { data } = await subgraph().ask<{ __schema: { subscriptionType: object | null } }>(
      '{ __schema { subscriptionType { name } } }',
    );
    const expected = data.__schema.subscriptionType === null ? 404 : 401;
    expect(answers.map(({ status }) => status)).toEqual([expected, expected]);
  });

  test('does not open its feed to strangers', async () => {
    const unsigned = await fetch(`${subgraph().url}/events`);
    expect(unsigned.status).toBe(401);
    expect(await subgraph().get('/events?after=0.0&limit=1')).toMatchObject({
      cursor: expect.any(String) as string,
    });
  });

  test.each(Object.keys(forgeries))('refuses an assertion %s', async (forgery) => {
    const assertion = await forgeries[forgery]?.(name);
    const body = JSON.stringify({ query: '{ __typename }', extensions: { assertion } });
    const response = await post(subgraph(), body, signed(name, body));
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test.each([0, 3, -3])(
    'takes the assertion that those are made of, made %d s ago by its clock',
    async (agoSeconds) => {
      const assertion = await assertionFor(name, { agoSeconds });
      const body = JSON.stringify({ query: '{ __typename }', extensions: { assertion } });
      const response = await post(subgraph(), body, signed(name, body));
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    },
  );
}

function describeOperations(name: string, subgraph: () => TestSubgraph): void {
  test('answers a batch line by line, each with its index', async () => {
    const body = JSON.stringify([
      { query: '{ __typename }' },
      { query: '{ nothing }' },
      { query: '{ __typename }' },
    ]);
    const response = await post(subgraph(), body, signed(name, body));
    const lines = (await response.text()).trim().split('\n');
    const answers = lines.map(
      (line) => JSON.parse(line) as { index: number; response: { data?: unknown; errors?: unknown[] } },
    );
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answers.map((answer) => answer.index).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(answers.find((answer) => answer.index === 1)?.response.errors).toHaveLength(1);
    expect(answers.find((answer) => answer.index === 0)?.response).toEqual({ data: { __typename: 'Query' } });
  });

  test.each([
    '',
    'nonsense',
    '[]',
    '{"query":1}',
    JSON.stringify(Array.from({ length: 65 }, () => ({ query: '{ __typename }' }))),
  ])('answers 400 to a body that is no operation (%#)', async (body) => {
    const response = await post(subgraph(), body, signed(name, body));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/node_modules|at .*\.ts/);
  });

  test('answers 404 and 405 where there is nothing to get', async () => {
    const [nothing, wrongMethod] = await Promise.all([
      fetch(`${subgraph().url}/secrets`),
      fetch(`${subgraph().url}/graphql`),
    ]);
    expect([nothing.status, wrongMethod.status]).toEqual([404, 405]);
  });

  test('answers 413 to a body that is too large', async () => {
    const body = 'x'.repeat(9 * 1_024 * 1_024);
    const status = await post(subgraph(), body, signed(name, body)).then(
      (response) => response.status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(status);
  });
}
