import { once } from 'node:events';
import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { Latest } from '../src/graphql/latest.ts';
import {
  createAssertionVerifier,
  createHopVerifier,
  createSubscriptionRoute,
  signHop,
  subscriptionsPath,
  type SubscribeOperation,
  type SubscriptionResult,
} from '../src/hop/hop.ts';
import { createLogger, createRegistry, createService } from '../src/service/service.ts';

const key = { id: 'hop-1', secret: Buffer.alloc(32, 7) };
const log = createLogger({ service: 'test', level: 'silent' });

/** Streams of a subgraph, over real HTTP. */
async function startStreams(subscribe: SubscribeOperation): Promise<string> {
  const service = createService({
    name: 'boards',
    log,
    registry: createRegistry('boards'),
    routes: {
      [`POST ${subscriptionsPath}`]: createSubscriptionRoute({
        subgraph: 'boards',
        verifier: createHopVerifier([key]),
        assertions: createAssertionVerifier({ keys: [] }, 'boards'),
        subscribe,
        log,
        closing: new AbortController().signal,
      }),
    },
  });
  const { url } = await service.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => service.close(0));
  return url;
}

/** Asks for a stream as the edge does. */
function askForStream(url: string) {
  const body = JSON.stringify({ query: 'subscription { boardChanged { version } }' });
  const signature = signHop(key, { subgraph: 'boards', method: 'POST', path: subscriptionsPath, body });
  const asking = request(`${url}${subscriptionsPath}`, { method: 'POST', headers: { ...signature } });
  asking.on('error', () => undefined);
  return asking.end(body);
}

test('an edge that has gone while its subscription began leaves nothing that is followed', async () => {
  const begun = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let isStopped = false;
  const url = await startStreams(async () => {
    begun.resolve();
    await opened.promise;
    const results = new Latest<SubscriptionResult>(() => {
      isStopped = true;
    });
    return { results, stop: () => void results.return() };
  });
  const asking = askForStream(url);
  await begun.promise;
  const socket = asking.socket?.resume();
  if (socket === undefined) throw new Error('There is no connection.');
  // The subgraph ends its half of the connection once it has seen the end of this one.
  socket.end();
  await once(socket, 'close');
  opened.resolve();
  await expect.poll(() => isStopped).toBe(true);
});
