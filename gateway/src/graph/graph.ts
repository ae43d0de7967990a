import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@banyan/kit/service';
import type { EdgeContext } from '../context.ts';
import { createErrorFormatter } from '../errors.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { createOutcomePlugin } from './outcome-plugin.ts';

export interface GraphOptions {
  supergraphSdl: string;
  /** The data source of each subgraph that the supergraph names. */
  dataSource(subgraph: string): GraphQLDataSource<EdgeContext>;
  introspection: boolean;
  metrics: EdgeMetrics;
  log: Logger;
}

/** Plans are bounded by their size as JSON, in MiB. */
const maxPlanCacheMiB = 60;

/**
 * The supergraph behind Apollo Server. HTTP, limits and identity stand in front of it; it parses, validates, plans and
 * executes. Documents and plans are cached with a bound.
 */
export function createGraph(options: GraphOptions): ApolloServer<EdgeContext> {
  const { introspection, log } = options;
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => options.dataSource(name) as GraphQLDataSource,
    experimental_approximateQueryPlanStoreMiB: maxPlanCacheMiB,
    // Otherwise a header gives anybody the query plan outside of production.
    __exposeQueryPlanExperimental: false,
    logger: log,
  });
  return new ApolloServer<EdgeContext>({
    gateway,
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
      createOutcomePlugin(options.metrics, log),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
}
