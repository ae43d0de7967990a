import { expect, test } from 'vitest';
import { sendImpatiently } from './support/impatient-client.ts';
import { boardChanged, receive, sseClient, startLiveEdge } from './support/live-edge.ts';

test('whoever leaves before the stream of events begins is not followed for', async () => {
  const edge = await startLiveEdge();
  const keys = Promise.withResolvers<void>();
  edge.users.state.published = keys.promise;
  const authorization = `Bearer ${await edge.token()}`;
  const body = JSON.stringify({ query: boardChanged, variables: { id: 'left' } });
  const client = sendImpatiently(`${edge.url}/graphql/stream`, body, { authorization });
  await expect.poll(() => edge.users.state.fetches).toBe(1);
  await client.leave();

  keys.resolve();
  const staying = receive(sseClient(edge, await edge.token({ sub: 'usr_2' })), {
    query: boardChanged,
    variables: { id: 'a' },
  });
  await staying.next();
  expect(edge.processes[0]?.streams.map(({ variables }) => variables?.['id'])).toEqual(['a']);
  expect(await edge.figure('banyan_edge_live_subscribers')).toBe(1);
});
