import type { Socket } from 'node:net';
import {
  createBuilder,
  createExecutor,
  createSubscriber,
  toSubgraphSchema,
  type KitBuilder,
  type OperationContext,
} from '@banyan/kit/graphql';
import {
  createAssertionVerifier,
  createHopRoute,
  createHopVerifier,
  createSubscriptionRoute,
  subscriptionsPath,
  type HopKey,
  type OperationRequest,
} from '@banyan/kit/hop';
import { createLogger, createRegistry, createService, type Logger } from '@banyan/kit/service';
import type { JWK } from 'jose';
import type { GraphQLSchema } from 'graphql';

export const silent: Logger = createLogger({ service: 'test', level: 'silent' });

export type TestBuilder = KitBuilder<OperationContext>;

/** A schema in the way all subgraphs make theirs. */
export function makeSchema(define: (builder: TestBuilder) => void): GraphQLSchema {
  const builder = createBuilder<OperationContext>(['CNY', 'EUR']);
  define(builder);
  return toSubgraphSchema(builder);
}

/** Whom a subgraph believes. */
export interface SubgraphKeys {
  hopKeys: readonly HopKey[];
  assertionKeys: JWK[];
}

export interface TestSubgraph {
  name: string;
  url: string;
  /** Operations in the order in which they came. */
  operations: OperationRequest[];
  /** Subscriptions in the order in which they came. */
  streams: OperationRequest[];
  /** Ends the streams as a process does that is about to end. */
  drain(): void;
  /** HTTP requests for the graph so far. */
  hops: number;
  /** Those that the edge cut before they were answered. */
  abandoned: number;
  /** Breaks every connection, as a process that dies does. */
  cut(): void;
  stop(): Promise<void>;
  /** Ends as a process that is told to, not before those who send it work have noticed, and starts another in its place. */
  restart(drainMs: number, changed?: Partial<SubgraphKeys>): Promise<TestSubgraph>;
}

/** A real subgraph in small: the kit's signed hop route and executor around `schema`. */
export async function startSubgraph(
  options: SubgraphKeys & {
    name: string;
    schema: GraphQLSchema;
    /** How long its streams last, in milliseconds. */
    streamMs?: number;
    /** A free one where it is left out. */
    port?: number;
  },
): Promise<TestSubgraph> {
  const { name, schema } = options;
  const registry = createRegistry(name);
  const executor = createExecutor<OperationContext>({
    schema,
    log: silent,
    registry,
    createContext: (base) => base,
  });
  await executor.start();
  const operations: OperationRequest[] = [];
  const streams: OperationRequest[] = [];
  const closing = new AbortController();
  const hop = {
    subgraph: name,
    verifier: createHopVerifier(options.hopKeys),
    assertions: createAssertionVerifier({ keys: options.assertionKeys }, name),
    log: silent,
  };
  const subscribe = createSubscriber<OperationContext>({
    schema,
    log: silent,
    createContext: (base) => base,
  });
  const service = createService({
    name,
    log: silent,
    registry,
    routes: {
      'POST /graphql': createHopRoute({
        ...hop,
        execute: (operation) => {
          operations.push(operation);
          return executor.execute(operation);
        },
      }),
      [`POST ${subscriptionsPath}`]: createSubscriptionRoute({
        ...hop,
        closing: closing.signal,
        ...(options.streamMs !== undefined && { streamMs: options.streamMs }),
        subscribe: (operation) => {
          streams.push(operation);
          return subscribe(operation);
        },
      }),
    },
  });
  const sockets = new Set<Socket>();
  service.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { url } = await service.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const subgraph: TestSubgraph = {
    name,
    url,
    operations,
    streams,
    drain: () => {
      closing.abort();
    },
    hops: 0,
    abandoned: 0,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      closing.abort();
      await service.close(0);
      await executor.stop();
    },
    restart: async (drainMs, changed) => {
      await service.drain(drainMs);
      await service.close();
      await executor.stop();
      return startSubgraph({ ...options, ...changed, port: Number(new URL(url).port) });
    },
  };
  service.server.on('request', (request, response) => {
    if (request.url !== '/graphql') return;
    subgraph.hops += 1;
    response.once('close', () => {
      if (!response.writableEnded) subgraph.abandoned += 1;
    });
  });
  return subgraph;
}
