import { setImmediate } from 'node:timers/promises';
import { contracts, toContractSchema, type Contract } from '@banyan/kit/contracts';
import { createGraphqlServer, type GraphqlServer } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import type { GraphQLSchema } from 'graphql';
import type { EdgeContext } from '../context.ts';
import { contractOf } from '../contracts/contract-of.ts';
import { createEngine, type EngineOptions } from '../engine/engine.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import type { Supergraph } from '../engine/supergraph.ts';
import type { GatewayInterface } from '../engine/versions.ts';
import { createErrorFormatter } from '../errors.ts';

export interface GraphOptions {
  supergraphSdl: string;
  /** Whether callers see what their contract shows; everybody sees the whole graph where not. */
  contracts: boolean;
  /** Operations that are planned before the graph is served, and kept. */
  known?: EngineOptions<EdgeContext>['known'];
  call: CallSubgraph<EdgeContext>;
  /** Throws when one of the subgraphs that a supergraph names cannot be reached. */
  checkSubgraphs(subgraphs: readonly string[]): void;
  log: Logger;
}

/** One server for each contract: what a caller cannot see is refused, suggested and introspected as if it were not there. */
export type Servers = Readonly<Record<Contract, GraphqlServer<EdgeContext>>>;

export interface Graph {
  servers: Servers;
  /** The supergraph that requests begin on now. */
  supergraph: () => Supergraph;
  /** The part of the graph that a caller sees; null for the whole. */
  viewOf: (caller: Caller) => string | null;
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Goes over to another supergraph without dropping a request; throws and stays with the old one when it cannot. */
  swap: (supergraphSdl: string) => Promise<void>;
}

async function contractSchemas(supergraphSdl: string): Promise<ReadonlyMap<Contract, GraphQLSchema>> {
  const schemas = new Map<Contract, GraphQLSchema>();
  for (const contract of contracts.filter((each) => each !== 'internal')) {
    // Each takes a tenth of a second.
    await setImmediate();
    schemas.set(contract, toContractSchema(supergraphSdl, contract));
  }
  return schemas;
}

/**
 * The supergraph behind Apollo Server. HTTP, limits and identity stand in front of it; it parses and validates, and our own
 * engine plans and executes. Documents and plans are cached with a bound.
 */
export function createGraph(options: GraphOptions): Graph {
  const { log } = options;
  const engine = createEngine<EdgeContext>({
    supergraphSdl: options.supergraphSdl,
    call: options.call,
    checkSubgraphs: (subgraphs) => {
      options.checkSubgraphs(subgraphs);
    },
    ...(options.contracts && { viewsOf: contractSchemas }),
    ...(options.known && { known: options.known }),
  });
  const formatError = createErrorFormatter(log);
  const serverOf = (gateway: GatewayInterface) =>
    createGraphqlServer<EdgeContext>({ gateway, formatError, log });
  const whole = serverOf(engine);
  const partOf = (contract: Contract) =>
    options.contracts && contract !== 'internal' ? serverOf(engine.view(contract)) : whole;
  const servers = { internal: whole, public: partOf('public'), partner: partOf('partner') };
  const each = new Set(Object.values(servers));
  return {
    servers,
    supergraph: () => engine.supergraph,
    viewOf(caller) {
      const contract = contractOf(caller);
      return options.contracts && contract !== 'internal' ? contract : null;
    },
    async start() {
      for (const server of each) await server.start();
    },
    async stop() {
      await Promise.all([...each].map((server) => server.stop()));
    },
    swap: (sdl) => engine.swap(sdl),
  };
}
