import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startEdge } from './support/edge.ts';
import { startHangingProcess } from './support/hanging-process.ts';

describe('one graph over several subgraphs', () => {
  test('a query that crosses subgraphs is answered as one', async () => {
    const edge = await startEdge();
    const { status, body } = await edge.ask('{ items(first: 2) { name stock } warehouses }');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        items: [
          { name: 'Item itm_1', stock: 10 },
          { name: 'Item itm_2', stock: 20 },
        ],
        warehouses: 3,
      },
    });
  });

  test('of the operations of one document the one is run that is named, each time', async () => {
    const edge = await startEdge();
    const query = 'query Greeting { hello } query Stock { warehouses }';
    for (let time = 1; time <= 2; time += 1) {
      expect((await edge.ask(query, { operationName: 'Greeting' })).body).toEqual({
        data: { hello: 'Hello, stranger' },
      });
      expect((await edge.ask(query, { operationName: 'Stock' })).body).toEqual({ data: { warehouses: 3 } });
    }
  });

  test('a subgraph’s error keeps its code and gets the client’s path', async () => {
    const edge = await startEdge();
    const { status, body } = await edge.ask('{ first: items(first: 2) { cost: price { minor } } }');
    expect(status).toBe(200);
    expect(body.data).toEqual({ first: [{ cost: { minor: '100' } }, { cost: null }] });
    expect(body.errors).toEqual([
      {
        message: 'There is no price yet.',
        path: ['first', 1, 'cost'],
        extensions: { code: 'PRICE_MISSING' },
      },
    ]);
  });

  test('a failure inside a subgraph shows nothing of the inside', async () => {
    const edge = await startEdge();
    const { body } = await edge.ask('{ broken }');
    expect(body).toEqual({
      data: { broken: null },
      errors: [
        {
          message: 'Something went wrong here. It has been noted.',
          path: ['broken'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ],
    });
  });

  test('the request id is the client’s own, or a new one', async () => {
    const edge = await startEdge();
    const own = await edge.ask('{ hello }', { headers: { 'x-request-id': 'screen-17' } });
    expect(own.headers.get('x-request-id')).toBe('screen-17');
    expect(edge.shop.operations[0]?.requestId).toBe('screen-17');
    const other = await edge.ask('{ hello }', { headers: { 'x-request-id': 'a b"c' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  test('the client’s language reaches the subgraph, however long its list', async () => {
    const edge = await startEdge();
    const accepted = 'zh-CN,zh;q=0.9,en-GB;q=0.8,en;q=0.7,de-AT;q=0.6,de;q=0.5';
    expect((await edge.ask('{ language }', { headers: { 'accept-language': accepted } })).body.data).toEqual({
      language: 'zh',
    });
    expect((await edge.ask('{ language }')).body.data).toEqual({ language: 'en' });
  });

  test('what the stock gateway would tell the curious stays inside', async () => {
    const edge = await startEdge();
    const { body } = await edge.ask('{ hello }', { headers: { 'apollo-query-plan-experimental': '1' } });
    expect(body).toEqual({ data: { hello: 'Hello, stranger' } });
  });
});

describe('introspection', () => {
  test('is answered where it is on', async () => {
    const edge = await startEdge();
    expect((await edge.ask('{ __schema { queryType { name } } }')).body.data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
  });

  test('is refused where it is off, and no field is suggested', async () => {
    const edge = await startEdge({ INTROSPECTION: 'off' });
    const introspection = await edge.ask('{ __schema { queryType { name } } }');
    expect(introspection.body.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const typo = await edge.ask('{ helo }');
    expect(typo.body.errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".');
  });
});

describe('health and metrics', () => {
  test('the edge stays ready while one subgraph is down, and is not when none is left', async () => {
    const edge = await startEdge();
    const ready = async () => (await fetch(`${edge.url}/health/ready`)).status;
    expect(await ready()).toBe(200);
    await edge.stock.stop();
    const metrics = async () => {
      expect(await ready()).toBe(200);
      return (await fetch(`${edge.adminUrl}/metrics`)).text();
    };
    await expect.poll(metrics).toMatch(/banyan_edge_subgraph_up\{subgraph="stock",service="gateway"\} 0/);
    expect(await metrics()).toMatch(/banyan_edge_subgraph_up\{subgraph="shop",service="gateway"\} 1/);
    await edge.shop.stop();
    await expect.poll(ready).toBe(503);
  });

  test('a subgraph that hangs does not keep what balances waiting for the edge to say that it is ready', async () => {
    const edge = await startEdge();
    const hanging = await startHangingProcess();
    const { url } = await edge.startAnother({
      SUBGRAPH_URLS: `shop=${edge.shop.url},stock=${hanging.url}`,
    });
    // Nobody gives up on it: who waited for it would not be ready.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  test('hops and operations are counted', async () => {
    const edge = await startEdge();
    await edge.ask('{ hello }');
    await edge.ask('{ hello broken }');
    await edge.ask('{ hello', {});
    const metrics = await (await fetch(`${edge.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(
      /banyan_edge_hops_total\{subgraph="shop",process="127.0.0.1:\d+",outcome="answered",service="gateway"\} 2/,
    );
    expect(metrics).toMatch(/banyan_edge_hop_operations_count\{service="gateway",subgraph="shop"\} 2/);
    expect(metrics).toMatch(/banyan_edge_operations_total\{outcome="data",service="gateway"\} 1/);
    expect(metrics).toMatch(/banyan_edge_operations_total\{outcome="partial",service="gateway"\} 1/);
    expect(metrics).toMatch(/banyan_edge_operations_total\{outcome="errors",service="gateway"\} 1/);
  });
});

test('what operators see is not for the public', async () => {
  const edge = await startEdge();
  expect((await fetch(`${edge.url}/metrics`)).status).toBe(404);
  expect(await (await fetch(`${edge.url}/health/ready`)).json()).toEqual({ status: 'ready' });
  expect(await (await fetch(`${edge.url}/health/live`)).json()).toEqual({ status: 'live' });
  expect(await (await fetch(`${edge.adminUrl}/health/ready`)).json()).toEqual({
    status: 'ready',
    checks: { subgraphs: 'ok' },
  });
  expect((await fetch(`${edge.adminUrl}/graphql`)).status).toBe(404);
  await edge.stop();
  await expect(fetch(`${edge.adminUrl}/metrics`)).rejects.toThrow('fetch failed');
});
