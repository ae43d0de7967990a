import type { JWK } from 'jose';
import { onTestFinished } from 'vitest';
import { HopFailure } from '../../src/hop/hop-failure.ts';
import { createHopKey, createSigningKey } from './keys.ts';
import { startRawServer } from './raw-server.ts';
import { createStage, shopSchema } from './schemas.ts';
import { startSubgraph } from './subgraph.ts';

/** Signs the hops to the shop. */
export const key = createHopKey('hop-1');

/** What a process of the shop answers to `{ hello }`. */
export const hello = { data: { hello: 'Hello, stranger' } };

/** A process of the shop, which believes what these keys have signed of who asks. */
export async function startShop(port = 0, assertionKeys?: JWK[]) {
  const stage = createStage();
  const shop = await startSubgraph({
    name: 'shop',
    schema: shopSchema(stage),
    hopKeys: [key],
    assertionKeys: assertionKeys ?? [(await createSigningKey('edge-1')).publicJwk],
    port,
  });
  onTestFinished(() => shop.stop());
  return Object.assign(shop, { stage });
}

/** A process whose every answer to an operation is as `status` says, when `hold` lets it; it lives all the time. */
export async function startMoodyProcess() {
  const mood = { status: 500, operations: 0, hold: undefined as Promise<void> | undefined };
  const url = await startRawServer((request, response) => {
    if (request.url !== '/graphql') return void response.end('{"status":"live"}');
    mood.operations += 1;
    void Promise.resolve(mood.hold).then(() => response.writeHead(mood.status).end(JSON.stringify(hello)));
  });
  return { mood, url };
}

/** How an operation ended. */
export const kindOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'answered',
    (error: unknown) => (error instanceof HopFailure ? error.kind : 'no hop failure'),
  );
