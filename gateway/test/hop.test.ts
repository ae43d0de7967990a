import { anonymous, type Caller, type HopKey } from '@banyan/kit/hop';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HopOperation } from '../src/hop/hop-client.ts';
import { HopFailure } from '../src/hop/hop-failure.ts';
import { createTestHopClient } from './support/hop-client.ts';
import { createHopKey, createSigningKey, type SigningKey } from './support/keys.ts';
import { findDeadUrl, startRawServer } from './support/raw-server.ts';
import { createStage, shopSchema } from './support/schemas.ts';
import { startSubgraph } from './support/subgraph.ts';

const key = createHopKey('hop-1');
const soon = () => Date.now() + 60_000;

function operation(query: string, more: Partial<HopOperation> = {}): HopOperation {
  const head = JSON.stringify({ query }).slice(0, -1);
  return { head, caller: anonymous, requestId: 'test', deadlineAtMs: soon(), ...more };
}

const createClient = (url: string, options: { key?: HopKey; assertionKey?: SigningKey } = {}) =>
  createTestHopClient([url], { key, ...options });

/** A client before a real subgraph. */
async function startShop() {
  const stage = createStage();
  const assertionKey = await createSigningKey('edge-1');
  const shop = await startSubgraph({
    name: 'shop',
    schema: shopSchema(stage),
    hopKeys: [key],
    assertionKeys: [assertionKey.publicJwk],
  });
  const client = await createClient(shop.url, { assertionKey });
  onTestFinished(() => shop.stop());
  return { stage, shop, client };
}

function failureOf(sent: Promise<unknown>): Promise<HopFailure> {
  return sent.then(
    () => {
      throw new Error('There was an answer.');
    },
    (error: unknown) => {
      if (error instanceof HopFailure) return error;
      throw error;
    },
  );
}

describe('operations that are ready together', () => {
  test('travel as one hop, and a slow one holds back no quick one', async () => {
    const { stage, shop, client } = await startShop();
    const finished: string[] = [];
    const slow = client.send(operation('{ slow }')).then((answer) => {
      finished.push('slow');
      return answer;
    });
    const quick = client.send(operation('{ hello }')).then((answer) => {
      finished.push('quick');
      return answer;
    });
    expect(await quick).toEqual({ data: { hello: 'Hello, stranger' } });
    expect(finished).toEqual(['quick']);
    stage.slow.resolve('at last');
    expect(await slow).toEqual({ data: { slow: 'at last' } });
    expect(finished).toEqual(['quick', 'slow']);
    expect(shop.hops).toBe(1);
  });

  test('run as their own callers each', async () => {
    const { shop, client } = await startShop();
    const callers: Caller[] = [
      { subject: 'usr_1', roles: new Set(['REVIEWER']) },
      anonymous,
      { subject: 'usr_2', roles: new Set() },
    ];
    const askAll = () =>
      Promise.all(callers.map((caller) => client.send(operation('{ caller callerRoles }', { caller }))));
    // The first time the assertions are signed, which takes more than a turn.
    await askAll();
    shop.hops = 0;
    const answers = await askAll();
    expect(answers.map((answer) => answer.data)).toEqual([
      { caller: 'usr_1', callerRoles: ['REVIEWER'] },
      { caller: null, callerRoles: [] },
      { caller: 'usr_2', callerRoles: [] },
    ]);
    expect(shop.hops).toBe(1);
  });

  test('are spread over several hops when there are more than one may carry', async () => {
    const { shop, client } = await startShop();
    const answers = await Promise.all(
      Array.from({ length: 130 }, (_operation, index) =>
        client.send(
          operation('query ($name: String) { hello(name: $name) }', {
            variables: JSON.stringify({ name: String(index) }),
          }),
        ),
      ),
    );
    expect(answers.map((answer) => answer.data?.['hello'])).toEqual(
      answers.map((_answer, index) => `Hello, ${index}`),
    );
    expect(shop.hops).toBe(3);
  });

  test('answers arrive whole where a character is cut in two on the way', async () => {
    const answer = Buffer.from(
      '{"index":0,"response":{"data":{"a":"爱"}}}\n{"index":1,"response":{"data":{"a":"心"}}}\n',
    );
    const cuts = [answer.indexOf('爱') + 1, answer.indexOf('心') + 2];
    const url = await startRawServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(answer.subarray(0, cuts[0]), () => {
        response.write(answer.subarray(cuts[0], cuts[1]), () => response.end(answer.subarray(cuts[1])));
      });
    });
    const client = await createClient(url);
    const answers = await Promise.all([client.send(operation('{ a }')), client.send(operation('{ a }'))]);
    expect(answers).toEqual([{ data: { a: '爱' } }, { data: { a: '心' } }]);
  });
});

describe('the signature', () => {
  test('of another key is refused, and nothing is run', async () => {
    const { shop } = await startShop();
    const stranger = await createClient(shop.url, { key: createHopKey('hop-1') });
    const failure = await failureOf(stranger.send(operation('{ hello }')));
    expect(failure).toMatchObject({ kind: 'unavailable', mayHaveRun: false });
    expect(shop.operations).toEqual([]);
  });

  test('does not make up for an assertion that the subgraph does not know', async () => {
    const { shop } = await startShop();
    const client = await createClient(shop.url, { assertionKey: await createSigningKey('edge-1') });
    const answer = await client.send(
      operation('{ caller }', { caller: { subject: 'usr_1', roles: new Set() } }),
    );
    expect(answer.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
    expect(shop.operations).toEqual([]);
  });
});

describe('a hop that fails', () => {
  test('was surely not run where nobody listens', async () => {
    const client = await createClient(await findDeadUrl());
    expect(await failureOf(client.send(operation('{ hello }')))).toMatchObject({
      kind: 'unavailable',
      mayHaveRun: false,
    });
  });

  test('keeps the answers that came before the connection broke', async () => {
    const { shop, client } = await startShop();
    const quick = client.send(operation('{ hello }'));
    const slow = failureOf(client.send(operation('{ slow }')));
    expect((await quick).data).toEqual({ hello: 'Hello, stranger' });
    shop.cut();
    expect(await slow).toMatchObject({ kind: 'unavailable', mayHaveRun: true });
  });

  test('fails the operation whose deadline passes, and not the others that travel with it', async () => {
    const started = Promise.withResolvers<() => void>();
    const url = await startRawServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
      started.resolve(() => response.end('{"index":1,"response":{"data":{"a":1}}}\n'));
    });
    const client = await createClient(url);
    const hasty = client.send(operation('{ a }', { deadlineAtMs: Date.now() + 20 }));
    const patient = client.send(operation('{ a }'));
    expect(await failureOf(hasty)).toMatchObject({ kind: 'late', mayHaveRun: true });
    (await started.promise)();
    expect(await patient).toEqual({ data: { a: 1 } });
  });

  test('never leaves the edge where the deadline has passed already', async () => {
    const { shop, client } = await startShop();
    const late = client.send(operation('{ hello }', { deadlineAtMs: Date.now() - 1 }));
    expect(await failureOf(late)).toMatchObject({ kind: 'late', mayHaveRun: false });
    expect(shop.operations).toEqual([]);
  });

  test.each([
    ['is not JSON', 'Bad gateway', 200, true],
    ['is no answer of a graph', '{"data":[1]}', 200, true],
    ['has errors of another shape', '{"data":null,"errors":{"a":1}}', 200, true],
    ['comes with status 500', '{"data":{"a":1}}', 500, true],
    ['comes with status 502', '{"data":{"a":1}}', 502, true],
    ['comes with status 503', '{"data":{"a":1}}', 503, false],
    ['is a refusal', '{"errors":[]}', 401, false],
  ])('when the answer %s', async (_case, text, status, mayHaveRun) => {
    const url = await startRawServer((_request, response) => {
      response.writeHead(status).end(text);
    });
    const client = await createClient(url);
    expect(await failureOf(client.send(operation('{ a }')))).toMatchObject({
      kind: 'unavailable',
      mayHaveRun,
    });
  });

  test.each([
    ['leaves one out', '{"index":0,"response":{"data":{"a":1}}}\n'],
    [
      'has an unknown index',
      '{"index":7,"response":{"data":{"a":1}}}\n{"index":0,"response":{"data":{"a":1}}}\n',
    ],
    ['has a line that is not JSON', '{"index":0,"response":{"data":{"a":1}}}\n{"index":1,"resp\n'],
  ])('when the answer to a batch %s, for that one alone', async (_case, text) => {
    const url = await startRawServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text);
    });
    const client = await createClient(url);
    const first = client.send(operation('{ a }'));
    const second = failureOf(client.send(operation('{ a }')));
    expect(await first).toEqual({ data: { a: 1 } });
    expect(await second).toMatchObject({ kind: 'unavailable', mayHaveRun: true });
  });
});
