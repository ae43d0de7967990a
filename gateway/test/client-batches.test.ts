import { expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';

const several = [{ query: '{ hello }' }, { query: 'mutation { buy(itemId: "itm_1") }' }];

test.each([
  ['several operations', '/graphql', several],
  ['one', '/graphql', several.slice(0, 1)],
  ['none', '/graphql', []],
  ['several operations for a stream', '/graphql/stream', several],
])('a body that is a list of %s is refused before anything runs', async (_what, path, list) => {
  const edge = await startEdge();
  const { status, body } = await edge.send({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(list),
  });
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [
      {
        message: 'Send one operation a request; several in one body are not served.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ],
  });
  expect(edge.shop.operations).toEqual([]);
});
