import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';

const json = { 'content-type': 'application/json' };
const post = (body: BodyInit, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body,
});
const hello = JSON.stringify({ query: '{ hello }' });

describe('a body that is no GraphQL request is refused with the reason', () => {
  test.each([
    ['garbage', 'hello', 'The body is not JSON.'],
    ['half of a JSON text', '{"query":"{ hel', 'The body is not JSON.'],
    ['nothing', '', 'The body is not JSON.'],
    ['null', 'null', 'The body takes a JSON object with "query".'],
    ['a number', '7', 'The body takes a JSON object with "query".'],
    [
      'several operations',
      `[${hello},${hello}]`,
      'Send one operation a request; several in one body are not served.',
    ],
    ['an empty list', '[]', 'Send one operation a request; several in one body are not served.'],
    ['no query', '{}', '"query" takes the text of a GraphQL document.'],
    ['an empty query', '{"query":"  "}', '"query" takes the text of a GraphQL document.'],
    ['a query that is a number', '{"query":1}', '"query" takes the text of a GraphQL document.'],
    [
      'half of a character',
      '{"query":"{ hello(name: \\"\\ud800\\") }"}',
      '"query" holds half of a character.',
    ],
    ['variables that are a list', '{"query":"{ hello }","variables":[1]}', '"variables" takes an object.'],
    ['variables as text', '{"query":"{ hello }","variables":"{}"}', '"variables" takes an object.'],
    [
      'an operation name that is a number',
      '{"query":"{ hello }","operationName":1}',
      '"operationName" takes a string.',
    ],
    ['extensions as text', '{"query":"{ hello }","extensions":"{}"}', '"extensions" takes an object.'],
    [
      'a hash that is none',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
      '"sha256Hash" takes the SHA-256 of the document as 64 hexadecimal digits, in lower case.',
    ],
  ])('%s', async (_case, body, message) => {
    const edge = await startEdge();
    const answer = await edge.send(post(body));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    expect(edge.shop.operations).toEqual([]);
  });

  test('bytes that are not UTF-8', async () => {
    const edge = await startEdge();
    const answer = await edge.send(
      post(Buffer.from('{"query":"{ hello(name: \\"\xff\xfe\\") }"}', 'latin1')),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.message).toBe('The body is not valid UTF-8.');
  });

  test('10 MB', async () => {
    const edge = await startEdge();
    const answer = await edge.send(
      post(`{"query":"{ hello }","variables":{"x":"${'x'.repeat(10_000_000)}"}}`),
    );
    expect(answer.status).toBe(413);
    expect(answer.body.errors).toEqual([
      {
        message: 'The body has too many bytes; the limit (maxBodyBytes) is 100000.',
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxBodyBytes', max: 100_000 },
      },
    ]);
  });

  test('10 MB of which nobody said how much it is', async () => {
    const edge = await startEdge();
    let left = 100;
    const body = new ReadableStream({
      pull(controller) {
        left -= 1;
        if (left < 0) controller.close();
        else controller.enqueue(Buffer.alloc(100_000, ' '));
      },
    });
    const answer = await edge.send({ ...post(body), duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(413);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/json; charset=utf-16',
  ])('the content type %s', async (type) => {
    const edge = await startEdge();
    const answer = await edge.send(post(hello, { 'content-type': type }));
    expect(answer.status).toBe(415);
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
  });

  test('no content type', async () => {
    const edge = await startEdge();
    expect((await edge.send(post(Buffer.from(hello), {}))).status).toBe(415);
  });

  test('a compressed body', async () => {
    const edge = await startEdge();
    expect((await edge.send(post(hello, { ...json, 'content-encoding': 'gzip' }))).status).toBe(415);
  });
});

describe('an operation that cannot be run is refused with the reason', () => {
  test.each([
    ['text that is not GraphQL', { query: 'hello {' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a wrong variable',
      { query: 'query ($n: Int) { items(first: $n) { id } }', variables: { n: 'x' } },
      'BAD_USER_INPUT',
    ],
    ['a missing variable', { query: 'mutation ($id: ID!) { buy(itemId: $id) }' }, 'BAD_USER_INPUT'],
  ])('%s: 400, or 200 for clients of plain JSON', async (_case, { query, ...options }, code) => {
    const edge = await startEdge();
    for (const [accept, status] of [
      ['application/graphql-response+json', 400],
      ['application/json', 200],
    ] as const) {
      const answer = await edge.ask(query, { ...options, headers: { accept } });
      expect(answer.status).toBe(status);
      expect(answer.body.data).toBeUndefined();
      expect(answer.body.errors?.map((error) => error.extensions['code'])).toEqual([code]);
    }
    expect(edge.shop.operations).toEqual([]);
  });

  test.each([
    [
      'an unknown operation',
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'one of two without a name',
      { query: 'query A { hello } query B { hello }' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a document of fragments', { query: 'fragment a on Query { hello }' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['a subscription', { query: 'subscription { hello }' }, 'BAD_REQUEST'],
  ])('%s: 400', async (_case, { query, ...options }, code) => {
    const edge = await startEdge();
    const answer = await edge.ask(query, options);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.extensions['code'])).toEqual([code]);
    expect(edge.shop.operations).toEqual([]);
  });

  test('a value that is nested 40,000 levels deep', async () => {
    const edge = await startEdge();
    const nested = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const body = `{"query":"query ($name: String) { hello(name: $name) }","variables":{"name":${nested}}}`;
    const answer = await edge.send(post(body));
    expect(answer.body.errors?.map((error) => error.extensions['code'])).toEqual(['BAD_USER_INPUT']);
    expect(edge.shop.operations).toEqual([]);
  });

  test('the message of a wrong value does not repeat all of it', async () => {
    const edge = await startEdge();
    const answer = await edge.ask('query ($n: Int) { items(first: $n) { id } }', {
      variables: { n: 'x'.repeat(50_000) },
    });
    expect(answer.body.errors?.[0]?.message.length).toBeLessThan(1_100);
  });
});

describe('what the answer is written in', () => {
  test.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json; charset=utf-8',
    ],
    ['application/graphql-response+json;q=0.1, application/json', 'application/json; charset=utf-8'],
  ])('accepting %s it is %s', async (accept, type) => {
    const edge = await startEdge();
    for (const query of ['{ hello }', '{ nothing }', '{ items(first: 101) { id } }']) {
      const answer = await edge.ask(query, { headers: accept === undefined ? {} : { accept } });
      expect(answer.headers.get('content-type')).toBe(type);
    }
  });

  test('a client that takes neither is told so', async () => {
    const edge = await startEdge();
    expect((await edge.ask('{ hello }', { headers: { accept: 'text/csv' } })).status).toBe(406);
  });
});

describe('GET', () => {
  const get = (query: string, headers: Record<string, string> = { 'apollo-require-preflight': '1' }) => ({
    path: `/graphql?${new URLSearchParams({ query }).toString()}`,
    headers,
  });

  test('serves a query', async () => {
    const edge = await startEdge();
    const path = `/graphql?${new URLSearchParams({ query: 'query ($n: String) { hello(name: $n) }', variables: '{"n":"你好"}' }).toString()}`;
    const answer = await edge.send({ path, headers: { 'apollo-require-preflight': '1' } });
    expect(answer.body).toEqual({ data: { hello: 'Hello, 你好' } });
  });

  test('never serves a mutation', async () => {
    const edge = await startEdge();
    const answer = await edge.send(get('mutation { buy(itemId: 1) }'));
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(edge.shop.operations).toEqual([]);
  });

  test('that a foreign page can make a browser send is refused', async () => {
    const edge = await startEdge();
    expect((await edge.send(get('{ hello }', {}))).status).toBe(400);
    expect((await edge.send(get('{ hello }', { 'content-type': 'text/plain' }))).status).toBe(400);
  });

  test.each([
    'query=%7Bhello%7D&query=%7Bhello%7D',
    'query=%7Bhello%7D&variables=x',
    'query=%7Bhello%7D&variables=[]',
    '',
  ])('with "%s" is refused', async (search) => {
    const edge = await startEdge();
    const answer = await edge.send({
      path: `/graphql?${search}`,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
  });
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is not a way to ask', async (method) => {
  const edge = await startEdge();
  expect((await edge.send({ method })).status).toBe(405);
});
