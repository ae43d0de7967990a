import { createRedis } from '@banyan/kit/cache';
import { anonymous } from '@banyan/kit/hop';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAnswers } from '../src/cache/answers.ts';
import { openShelf } from '../src/cache/shelf.ts';
import { Presence } from '../src/http/presence.ts';
import { startEdge, type Edge } from './support/edge.ts';
import { sendImpatiently } from './support/impatient-client.ts';
import { silent } from './support/subgraph.ts';

/** A client that can hang up. */
function call(edge: Edge, query: string, headers: Record<string, string> = {}) {
  const line = new AbortController();
  const answer = fetch(`${edge.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: line.signal,
  }).then(
    (response) => response.json() as Promise<unknown>,
    () => 'hung up',
  );
  return { answer, hangUp: () => line.abort() };
}

test('a client that hangs up ends what is read for it', async () => {
  const edge = await startEdge();
  const { answer, hangUp } = call(edge, '{ hangs }', { authorization: `Bearer ${await edge.token()}` });
  await edge.stage.reached.promise;
  hangUp();
  expect(await answer).toBe('hung up');
  await expect.poll(() => edge.shop.abandoned).toBe(1);
});

test('for a client that hangs up before it is known who it is nothing is read', async () => {
  const edge = await startEdge();
  const keys = Promise.withResolvers<void>();
  edge.users.state.published = keys.promise;
  const tokens = await Promise.all(['usr_1', 'usr_2'].map((sub) => edge.token({ sub })));
  const [hasty, patient] = tokens.map((token) => ({ authorization: `Bearer ${token}` }));
  const body = JSON.stringify({ query: '{ hangs }' });
  const client = sendImpatiently(`${edge.url}/graphql`, body, hasty);
  await expect.poll(() => edge.users.state.fetches).toBe(1);
  await client.leave();
  keys.resolve();
  await call(edge, '{ hello }', patient).answer;
  expect(edge.shop.operations.map(({ query }) => query)).toEqual(['{hello}']);
});

test('a mutation runs to its end, whoever hangs up', async () => {
  const edge = await startEdge();
  const mutation = call(edge, 'mutation { buyAndHang }');
  await edge.stage.reached.promise;
  mutation.hangUp();
  await mutation.answer;
  // Once a read that was given up later is seen to be gone, the mutation would be too.
  const authorization = `Bearer ${await edge.token()}`;
  const read = call(edge, '{ hangs }', { authorization });
  await expect.poll(() => edge.shop.operations.length).toBe(2);
  read.hangUp();
  await expect.poll(() => edge.shop.abandoned).toBe(1);
});

test('of two who travel together one hangs up, and the other has its answer', async () => {
  const edge = await startEdge();
  const tokens = await Promise.all(['usr_1', 'usr_2'].map((sub) => edge.token({ sub })));
  const headers = tokens.map((token) => ({ authorization: `Bearer ${token}` }));
  // The first time the assertions are signed, which takes more than a turn.
  await Promise.all(headers.map((own) => call(edge, '{ hello }', own).answer));
  const [one, other] = headers.map((own) => call(edge, '{ slow }', own));
  await expect.poll(() => edge.shop.operations.length).toBe(4);
  one?.hangUp();
  await one?.answer;
  edge.stage.slow.resolve('at last');
  expect(await other?.answer).toEqual({ data: { slow: 'at last' } });
});

test('what strangers share goes on when the one who began it hangs up', async () => {
  const gate = Promise.withResolvers<void>();
  const shelf = openShelf({
    redis: createRedis({ url: undefined, log: silent }),
    supergraphSdl: '',
    maxBytes: 1_000,
    feedOf: () => undefined,
    onShared: () => undefined,
  });
  const run = createAnswers({
    async run(_operation, { presence }) {
      await gate.promise;
      return { status: 200, body: presence === undefined ? 'of all' : 'of one', hasData: true, headers: [] };
    },
    shelf: () => shelf,
    count: () => undefined,
  });
  const presences = [new Presence(), new Presence()];
  const runs = presences.map((presence) =>
    run(
      { query: '{ slow }', operationName: null, variables: {} },
      { caller: anonymous, checked: { operation: { type: 'query' } }, presence } as never,
      'application/json',
    ),
  );
  presences[0]?.leave();
  gate.resolve();
  expect((await Promise.all(runs)).map(({ body }) => body)).toEqual(['of all', 'of all']);
});

test('clients that hang up do not make a process of a subgraph look dead', async () => {
  const edge = await startEdge();
  const authorization = `Bearer ${await edge.token()}`;
  // The clock by which hops are measured: each client waits long enough for the process to be taken for hung.
  const clock = performance.now.bind(performance);
  let waitedMs = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => clock() + waitedMs);
  onTestFinished(() => spy.mockRestore());
  for (let time = 1; time <= 6; time += 1) {
    const { answer, hangUp } = call(edge, '{ hangs }', { authorization });
    await expect.poll(() => edge.shop.operations.length).toBe(time);
    waitedMs += 5_000;
    hangUp();
    await answer;
    await expect.poll(() => edge.shop.abandoned).toBe(time);
  }
  expect((await edge.ask('{ hello }')).body).toEqual({ data: { hello: 'Hello, stranger' } });
});
