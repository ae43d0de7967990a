import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { judgeBudgets } from '../src/audit/judge-budgets.ts';
import { ask } from '../src/graph.ts';

test('a run with budgets in which nobody was turned away has not shown what becomes of such gifts', () => {
  const named = (hasBudgets: boolean, turnedAway: number) =>
    [...judgeBudgets(hasBudgets, { turnedAway })].map(({ fault, subject }) => `${fault} ${subject}`);
  expect(named(true, 0)).toEqual(['NOT_CARRIED_OUT budgets']);
  expect(named(true, 1)).toEqual([]);
  expect(named(false, 0)).toEqual([]);
});

test('the auditor waits for budget as everybody does, and is answered then', async () => {
  let times = 0;
  const server = createServer((_request, response) => {
    times += 1;
    if (times <= 2) response.writeHead(429, { 'retry-after': '0' }).end('{"errors":[{"message":"used up"}]}');
    else response.end('{"data":{"hello":"you"}}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    expect(await ask(`http://127.0.0.1:${port}/graphql`, '{ hello }')).toEqual({ hello: 'you' });
    expect(times).toBe(3);
  } finally {
    server.close();
  }
});
