import { describe, expect, test } from 'vitest';
import { startEdge, type Answer } from './support/edge.ts';

function expectNothingInside(answer: Answer): void {
  const text = JSON.stringify(answer.body);
  for (const inside of [
    '127.0.0.1',
    'ECONN',
    'shop',
    'stock-',
    'serviceName',
    'stack',
    '.ts',
    '/graphql',
    'secret',
  ]) {
    expect(text).not.toContain(inside);
  }
}

const codes = (answer: Answer) => answer.body.errors?.map((error) => error.extensions['code']);

describe('a subgraph that is down', () => {
  test('leaves its own fields empty, says so at each, and takes nothing else away', async () => {
    const edge = await startEdge();
    await edge.stock.stop();
    const answer = await edge.ask('{ warehouses things: items(first: 2) { name amount: stock } }');
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({
      warehouses: null,
      things: [
        { name: 'Item itm_1', amount: null },
        { name: 'Item itm_2', amount: null },
      ],
    });
    expect(answer.body.errors?.map((error) => error.path)).toEqual(
      expect.arrayContaining([['warehouses'], ['things', 0, 'amount'], ['things', 1, 'amount']]),
    );
    expect(new Set(codes(answer))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    expectNothingInside(answer);
  });

  test('is used again as soon as it is back', async () => {
    const edge = await startEdge();
    edge.shop.cut();
    await edge.ask('{ hello }');
    edge.shop.cut();
    expect((await edge.ask('{ hello }')).body).toEqual({ data: { hello: 'Hello, stranger' } });
  });

  test('was surely not reached by a mutation, which may be repeated', async () => {
    const edge = await startEdge();
    await edge.shop.stop();
    const answer = await edge.ask('mutation { buyAndHang }');
    expect(answer.body.data).toEqual({ buyAndHang: null });
    expect(codes(answer)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expectNothingInside(answer);
  });
});

describe('a mutation whose end nobody saw', () => {
  const unknown = {
    data: { buyAndHang: null },
    errors: [
      {
        message: expect.stringContaining('donationByKey') as unknown,
        path: ['buyAndHang'],
        extensions: { code: 'OUTCOME_UNKNOWN', retryable: true },
      },
    ],
  };

  test('is unknown, never failed, when the connection breaks', async () => {
    const edge = await startEdge();
    const asked = edge.ask('mutation { buyAndHang }');
    await edge.stage.reached.promise;
    edge.shop.cut();
    expect((await asked).body).toEqual(unknown);
  });

  test('is unknown when the deadline passes', async () => {
    const edge = await startEdge();
    const answer = await edge.ask('mutation { buyAndHang }', { headers: { 'banyan-deadline-ms': '200' } });
    expect(answer.body).toEqual(unknown);
  });
});

describe('a query', () => {
  test('that takes longer than the client waits says so', async () => {
    const edge = await startEdge();
    const answer = await edge.ask('{ hangs warehouses }', { headers: { 'banyan-deadline-ms': '1000' } });
    expect(answer.body.data).toEqual({ hangs: null, warehouses: 3 });
    expect(codes(answer)).toEqual(['DEADLINE_EXCEEDED']);
    expectNothingInside(answer);
  });

  test('whose connection breaks may simply be asked again', async () => {
    const edge = await startEdge();
    const asked = edge.ask('{ hangs warehouses }');
    await edge.stage.reached.promise;
    edge.shop.cut();
    const answer = await asked;
    expect(answer.body.data).toEqual({ hangs: null, warehouses: 3 });
    expect(codes(answer)).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });

  test('waits for no hop longer than the edge allows', async () => {
    const edge = await startEdge({ HOP_TIMEOUT_MS: '100' });
    expect(codes(await edge.ask('{ hangs }'))).toEqual(['DEADLINE_EXCEEDED']);
  });

  test.each(['0', '-5', 'soon', '1.5', ''])('with the deadline "%s" is refused', async (deadline) => {
    const edge = await startEdge();
    expect((await edge.ask('{ hello }', { headers: { 'banyan-deadline-ms': deadline } })).status).toBe(400);
  });
});

describe('an overloaded subgraph', () => {
  test('makes the edge say 503 and how long to wait, where nothing else was answered', async () => {
    const edge = await startEdge();
    const answer = await edge.ask('{ busy }');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'Too much to do.',
          path: ['busy'],
          extensions: { code: 'OVERLOADED', retryAfterSeconds: 7 },
        },
      ],
    });
  });

  test('leaves the rest of the screen', async () => {
    const edge = await startEdge();
    const answer = await edge.ask('{ busy hello }');
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ busy: null, hello: 'Hello, stranger' });
    expect(codes(answer)).toEqual(['OVERLOADED']);
  });
});

test('the edge finishes what it has begun before it stops', async () => {
  const edge = await startEdge();
  const asked = edge.ask('{ slow }');
  await expect.poll(() => edge.shop.operations.length).toBe(1);
  const stopped = edge.stop();
  edge.stage.slow.resolve('at last');
  expect((await asked).body).toEqual({ data: { slow: 'at last' } });
  await stopped;
  await expect(fetch(edge.url)).rejects.toThrow('fetch failed');
});
