import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEdge, type Answer, type Edge } from './support/edge.ts';
import { startHangingProcess } from './support/hanging-process.ts';

const post = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

describe('a subgraph that hangs', () => {
  const deadlineMs = 1_000;

  async function startFrozen() {
    const [edge, hanging] = await Promise.all([startEdge(), startHangingProcess()]);
    const frozen = await edge.startAnother({
      SUBGRAPH_URLS: `shop=${edge.shop.url},stock=${hanging.url}`,
    });
    onTestFinished(() => frozen.stop());
    const ask = async () => {
      const response = await post(frozen.url, '{ hello warehouses }', {
        'banyan-deadline-ms': String(deadlineMs),
      });
      return (await response.json()) as Answer['body'];
    };
    return { ask, hanging };
  }

  test('costs the rest of the screen no more than the deadline', async () => {
    const { ask } = await startFrozen();
    const tooLate = Promise.withResolvers<string>();
    setTimeout(tooLate.resolve, deadlineMs + 250, 'too late');
    const answer = await Promise.race([ask(), tooLate.promise]);
    expect(answer).toMatchObject({
      data: { hello: 'Hello, stranger', warehouses: null },
      errors: [{ path: ['warehouses'], extensions: { code: 'DEADLINE_EXCEEDED' } }],
    });
  });

  test('costs nothing any more when it is known to hang', async () => {
    const { ask } = await startFrozen();
    await expect
      .poll(async () => (await ask()).errors?.[0]?.extensions['code'], { timeout: 15_000 })
      .toBe('SUBGRAPH_UNAVAILABLE');
    expect((await ask()).data).toEqual({ hello: 'Hello, stranger', warehouses: null });
  });
});

describe('slow clients', () => {
  /** Less room than there are slow clients. */
  const room = { CACHE: 'off', QUOTAS: 'off', MAX_IN_FLIGHT: '4', MAX_QUEUED: '1' };

  function open(edge: Edge, text: string): Promise<Socket> {
    const { hostname, port } = new URL(edge.url);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(text, () => {
          resolve(socket);
        });
      });
      socket.pause();
      onTestFinished(() => {
        socket.destroy();
      });
    });
  }

  async function expectRoomForOthers(edge: Edge): Promise<void> {
    for (let visitor = 0; visitor < 3; visitor += 1)
      expect(await (await post(edge.url, '{ hello }')).json()).toEqual({
        data: { hello: 'Hello, stranger' },
      });
  }

  test('that send their request byte by byte take the place of nobody', async () => {
    const edge = await startEdge(room);
    const head =
      'POST /graphql HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n';
    await Promise.all(Array.from({ length: 50 }, () => open(edge, `${head}{"query":`)));
    await expectRoomForOthers(edge);
  });

  test('that do not read their answer take the place of nobody', async () => {
    const edge = await startEdge({ ...room, MAX_QUEUED: '50', MAX_QUEUE_MS: '60000' });
    // Some 300 kB each, of which the client takes nothing.
    const query = `query ($name: String) { ${Array.from({ length: 10 }, (_each, place) => `a${place}: hello(name: $name)`).join(' ')} }`;
    const body = JSON.stringify({ query, variables: { name: 'x'.repeat(30_000) } });
    const head = `POST /graphql HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    await Promise.all(Array.from({ length: 20 }, () => open(edge, head + body)));
    await expect.poll(() => edge.shop.operations.length, { timeout: 10_000 }).toBe(20);
    await expectRoomForOthers(edge);
  });
});
