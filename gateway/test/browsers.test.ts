import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';

const page = 'https://banyan.example';
const cors = { CORS_ORIGINS: `${page},http://localhost:3000` };
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
});

describe('a page of another origin', () => {
  test('that is on the list may ask, and see what is left of its budget', async () => {
    const edge = await startEdge(cors);
    const asked = await fetch(`${edge.url}/graphql`, preflight(page));
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(page);
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(asked.headers.get('access-control-allow-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'banyan-deadline-ms']),
    );
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await edge.ask('{ hello }', { headers: { origin: page } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(answer.headers.get('access-control-expose-headers')).toContain(
      'ratelimit, ratelimit-policy, retry-after',
    );
    expect(answer.headers.get('vary')).toContain('origin');
  });

  test('may see why it was refused', async () => {
    const edge = await startEdge(cors);
    const answer = await edge.ask('{ items(first: 101) { id } }', { headers: { origin: page } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
  });

  test.each(['https://banyan.example.evil.test', 'http://banyan.example', 'null', 'https://BANYAN.example'])(
    'such as %s is not let in',
    async (origin) => {
      const edge = await startEdge(cors);
      const asked = await fetch(`${edge.url}/graphql`, preflight(origin));
      const answer = await edge.ask('{ hello }', { headers: { origin } });
      for (const headers of [asked.headers, answer.headers]) {
        expect(headers.get('access-control-allow-origin')).toBeNull();
        expect(headers.get('vary')).toContain('origin');
      }
    },
  );

  test('is not let in where there is no list', async () => {
    const edge = await startEdge();
    expect(
      (await fetch(`${edge.url}/graphql`, preflight(page))).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  test.each(['*', 'banyan.example', 'https://banyan.example/', 'https://banyan.example/path'])(
    'cannot be listed as %s',
    async (origin) => {
      await expect(startEdge({ CORS_ORIGINS: origin })).rejects.toThrow('CORS_ORIGINS: expected origins');
    },
  );

  test.each([
    ['a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form of parts', 'POST', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['plain text', 'POST', { 'content-type': 'text/plain' }],
    ['an image', 'GET', {}],
  ])('can make a browser send nothing that is run: %s', async (_case, method, headers) => {
    const edge = await startEdge(cors);
    const query = 'mutation { buy(itemId: 1) }';
    const answer = await edge.send({
      method,
      path: method === 'GET' ? `/graphql?${new URLSearchParams({ query }).toString()}` : '/graphql',
      headers: { ...headers, origin: page },
      ...(method === 'POST' && { body: JSON.stringify({ query }) }),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(edge.shop.operations).toEqual([]);
  });
});

describe('every answer', () => {
  test.each(['{ hello }', '{ nothing }', '{ items(first: 101) { id } }', '{ hello '])(
    'is for nobody to keep, to frame or to run as a script: %s',
    async (query) => {
      const edge = await startEdge();
      const { headers } = await edge.ask(query);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  test('insists on TLS where there is TLS', async () => {
    const edge = await startEdge({ HSTS_MAX_AGE_SECONDS: '31536000' });
    expect((await edge.ask('{ hello }')).headers.get('strict-transport-security')).toBe(
      'max-age=31536000; includeSubDomains',
    );
  });
});

test('the explorer is shown in no frame', async () => {
  const edge = await startEdge({ EXPLORER: 'on' });
  const { headers } = await fetch(`${edge.url}/`, { headers: { accept: 'text/html' } });
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});
