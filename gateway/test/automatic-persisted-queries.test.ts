import { randomUUID } from 'node:crypto';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import { get, greet, idOf, persisted, post, stray } from './support/persisted-operations.ts';

describe('automatic persisted queries', () => {
  test('an unknown hash is answered as Apollo’s clients expect, and the query that they send then is remembered', async () => {
    const edge = await startEdge();
    const variables = { name: 'Wang' };
    const unknown = await post(edge, { variables, extensions: persisted(greet) });
    expect(unknown.status).toBe(200);
    expect(unknown.body).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    const registered = await post(edge, { query: greet, variables, extensions: persisted(greet) });
    expect(registered.body).toEqual({ data: { hello: 'Hello, Wang' } });
    const byHash = await post(edge, { variables: { name: 'Li' }, extensions: persisted(greet) });
    expect(byHash.body).toEqual({ data: { hello: 'Hello, Li' } });
    const byGet = await get(edge, { extensions: JSON.stringify(persisted(greet)) });
    expect(byGet.body).toEqual({ data: { hello: 'Hello, stranger' } });
  });

  test('a hash that is not of the query that comes with it registers nothing', async () => {
    const edge = await startEdge();
    const wrong = await post(edge, { query: stray, extensions: persisted(greet) });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors?.[0]?.message).toBe('provided sha does not match query');
    expect((await post(edge, { extensions: persisted(greet) })).body.errors?.[0]?.message).toBe(
      'PersistedQueryNotFound',
    );
  });

  test('what cannot be parsed, is over a limit, or is not valid is not remembered', async () => {
    const edge = await startEdge({ MAX_DEPTH: '1' });
    for (const text of ['query Broken {', '{ items { name } }', '{ nothing }', '{ hello(name: 1) }']) {
      await post(edge, { query: text, extensions: persisted(text) });
      const again = await post(edge, { extensions: persisted(text) });
      expect(again.body.errors?.[0]?.extensions['code']).toBe('PERSISTED_QUERY_NOT_FOUND');
    }
  });

  test('a query that is too long is answered and not remembered', async () => {
    const edge = await startEdge();
    const long = `{ hello } # ${'x'.repeat(16_000)}`;
    const answer = await post(edge, { query: long, extensions: persisted(long) });
    expect(answer.body.data).toEqual({ hello: 'Hello, stranger' });
    expect((await post(edge, { extensions: persisted(long) })).body.data).toBeUndefined();
  });

  test('the memory for them is bounded: the least used make room', async () => {
    const edge = await startEdge({ APQ_MAX_BYTES: '1000' });
    const send = (text: string) => post(edge, { query: text, extensions: persisted(text) });
    const isKept = async (text: string) =>
      (await post(edge, { extensions: persisted(text) })).body.data !== undefined;
    const texts = Array.from({ length: 8 }, (_text, index) => `{ hello } # ${index}`);
    for (const text of texts) await send(text);
    const kept = await Promise.all(texts.map(isKept));
    expect(kept.filter(Boolean).length).toBeGreaterThan(0);
    expect(kept.filter(Boolean).length).toBeLessThan(8);
    expect(kept[7]).toBe(true);
  });

  test('rubbish does not push out what others ask for', async () => {
    const edge = await startEdge({ APQ_MAX_BYTES: '1000' });
    await post(edge, { query: greet, extensions: persisted(greet) });
    for (let nth = 0; nth < 8; nth += 1) {
      const rubbish = `{ nothing${nth} }`;
      await post(edge, { query: rubbish, extensions: persisted(rubbish) });
    }
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeDefined();
  });

  test('where they are off, clients are told to send queries', async () => {
    const edge = await startEdge({ APQ: 'off' });
    const { status, body } = await post(edge, { extensions: persisted(greet) });
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ]);
    expect((await post(edge, { query: greet, extensions: persisted(greet) })).body.data).toBeDefined();
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeUndefined();
  });

  test.each([
    [{ extensions: { persistedQuery: { version: 2, sha256Hash: idOf(greet) } } }, 'Unsupported persisted'],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'beef' } } }, '"sha256Hash" takes'],
    [{ documentId: 'md5:beef' }, '"documentId" takes'],
    [{ documentId: `sha256:${idOf(greet)}`, query: greet }, 'Send either "query" or "documentId".'],
    [{ documentId: null }, '"documentId" takes'],
  ])('a wrong id is explained: %j', async (body, problem) => {
    const edge = await startEdge();
    const answer = await post(edge, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.message).toContain(problem);
  });
});

describeWithRedis('several gateways', () => {
  test('share what one of them remembers, and take nothing from Redis that is not what the hash says', async () => {
    const REDIS_URL = await testRedis();
    const [first, second] = [await startEdge({ REDIS_URL }), await startEdge({ REDIS_URL })];
    await expect
      .poll(
        async () => {
          // The first to register may be quicker than its connection to Redis.
          const fresh = `{ hello } # ${randomUUID()}`;
          await post(first, { query: fresh, extensions: persisted(fresh) });
          return (await post(second, { extensions: persisted(fresh) })).body;
        },
        { timeout: 10_000 },
      )
      .toEqual({ data: { hello: 'Hello, stranger' } });

    const redis = createClient({ url: REDIS_URL });
    await redis.connect();
    onTestFinished(() => redis.close());
    await redis.set(`edge:document:${idOf(greet)}`, stray);
    const forged = await post(second, { extensions: persisted(greet) });
    expect(forged.body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
  });

  test('go on without it', async () => {
    const edge = await startEdge({ REDIS_URL: 'redis://127.0.0.1:1' });
    await post(edge, { query: greet, extensions: persisted(greet) });
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeDefined();
  });
});
