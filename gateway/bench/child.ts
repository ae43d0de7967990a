import { setTimeout as delay } from 'node:timers/promises';
import { feedEnd } from '@banyan/kit/events';
import { createExecutor, type OperationContext } from '@banyan/kit/graphql';
import {
  createAssertionVerifier,
  createHopRoute,
  createHopVerifier,
  hopKeys,
  signedRoute,
} from '@banyan/kit/hop';
import { createLogger, createRegistry, createService, sendJson } from '@banyan/kit/service';
import type { JWK } from 'jose';
import { createApp } from '../src/app.ts';
import { configFrom } from '../src/config.ts';
import { composeGraph, makeSubgraphSchema } from './graph.ts';
import { startStock, startStockOnHops } from './stock.ts';

/*
 * One process of the benchmark: `child.ts subgraph <name>` or `child.ts stock | stock-hops | ours…`. Says its address to its
 * parent, and afterwards how much CPU it has used, in microseconds, whenever it is asked.
 */
const log = createLogger({ service: 'bench', level: 'error' });

// oxlint-disable-next-line node/no-process-env
const assertionKeys = JSON.parse(process.env['ASSERTION_KEYS'] ?? '[]') as JWK[];

async function startSubgraph(name: string, keys: string): Promise<string> {
  const registry = createRegistry(name);
  const schema = makeSubgraphSchema(name);
  const executor = createExecutor<OperationContext>({ schema, log, registry, createContext: (base) => base });
  await executor.start();
  const verifier = createHopVerifier(hopKeys.parse(keys));
  const route = createHopRoute({
    subgraph: name,
    verifier,
    assertions: createAssertionVerifier({ keys: assertionKeys }, name),
    log,
    execute: executor.execute,
  });
  // Nothing changes here, which is what this feed says a second later.
  const changes = signedRoute({ subgraph: name, verifier, log }, async (_request, response, url) => {
    if (url.searchParams.get('after') !== feedEnd) await delay(1_000);
    sendJson(response, 200, { events: [], cursor: '1.0' });
  });
  const routes = { 'POST /graphql': route, 'GET /changes': changes };
  const service = createService({ name, log, registry, routes });
  return (await service.listen({ port: 0, host: '127.0.0.1' })).url;
}

async function startGateway(kind: string): Promise<string> {
  const config = configFrom();
  const supergraphSdl = composeGraph();
  if (kind === 'stock') return startStock(config, supergraphSdl);
  if (kind === 'stock-hops') return startStockOnHops(config, supergraphSdl, log);
  const app = await createApp(config, { log, supergraphSdl });
  return (await app.start()).url;
}

const [kind = '', name = '', keys = ''] = process.argv.slice(2);
process.on('disconnect', () => {
  process.exit(0);
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.send?.({ url: kind === 'subgraph' ? await startSubgraph(name, keys) : await startGateway(kind) });
