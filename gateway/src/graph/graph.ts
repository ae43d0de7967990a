import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@banyan/kit/service';
import type { EdgeContext } from '../context.ts';
import { createEngine } from '../engine/engine.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import { createErrorFormatter } from '../errors.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { createOutcomePlugin } from './outcome-plugin.ts';

export interface GraphOptions {
  supergraphSdl: string;
  call: CallSubgraph<EdgeContext>;
  /** Throws when one of the subgraphs that a supergraph names cannot be reached. */
  checkSubgraphs(subgraphs: readonly string[]): void;
  introspection: boolean;
  metrics: EdgeMetrics;
  log: Logger;
}

export interface Graph {
  apollo: ApolloServer<EdgeContext>;
  /** Goes over to another supergraph without dropping a request; throws and stays with the old one when it cannot. */
  swap: (supergraphSdl: string) => Promise<void>;
}

/**
 * The supergraph behind Apollo Server. HTTP, limits and identity stand in front of it; it parses and validates, and our own
 * engine plans and executes. Documents and plans are cached with a bound.
 */
export function createGraph(options: GraphOptions): Graph {
  const { introspection, log } = options;
  const engine = createEngine<EdgeContext>({
    supergraphSdl: options.supergraphSdl,
    call: options.call,
    checkSubgraphs: (subgraphs) => {
      options.checkSubgraphs(subgraphs);
    },
  });
  const apollo = new ApolloServer<EdgeContext>({
    gateway: engine,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    // The routes in front let nothing through that a foreign page can send; see requireJson and requirePreflight.
    csrfPrevention: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: createErrorFormatter(log),
    plugins: [
      createOutcomePlugin(options.metrics),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  return { apollo, swap: (sdl) => engine.swap(sdl) };
}
