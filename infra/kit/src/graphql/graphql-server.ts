import { ApolloServer, type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../service/logger.ts';
import { PreparedOperations } from './prepared-operations.ts';

type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;
type ExecutorRequest = Parameters<Executor>[0];

/** What is said of an error, after Apollo's shape for it: `extensions.code` is always there. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

export interface GraphqlServerOptions {
  /** Schema and execution. Its executor reads schema, document, queryHash, source, request and context of what it is given. */
  gateway: GatewayInterface;
  formatError: FormatError;
  log: Logger;
}

/** An operation as it came. */
export interface GraphqlOperation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** What came of it, and the HTTP status that Apollo Server would give; undefined for 200. */
export interface GraphqlOutcome {
  result: FormattedExecutionResult;
  status: number | undefined;
}

export interface GraphqlServer<Context extends BaseContext> {
  start(): Promise<void>;
  stop(): Promise<void>;
  run(operation: GraphqlOperation, context: Context): Promise<GraphqlOutcome>;
}

/**
 * What Apollo Server would add by itself. Nobody here asks for traces or cache hints, which cost each field; and no
 * variable of the environment may send schema or operations to a third party.
 */
const nothingAdded = [
  ApolloServerPluginCacheControlDisabled(),
  ApolloServerPluginInlineTraceDisabled(),
  ApolloServerPluginLandingPageDisabled(),
  ApolloServerPluginSchemaReportingDisabled(),
  ApolloServerPluginUsageReportingDisabled(),
];

/** The same gateway; `use` gets its executor as soon as it is loaded. */
function watchExecutor(gateway: GatewayInterface, use: (executor: Executor) => void): GatewayInterface {
  return {
    onSchemaLoadOrUpdate: (listener) => gateway.onSchemaLoadOrUpdate(listener),
    async load(options) {
      const loaded = await gateway.load(options);
      if (loaded.executor !== null) use(loaded.executor);
      return loaded;
    },
    stop: () => gateway.stop(),
  };
}

/** What Apollo Server says where `formatError` itself fails. */
const formattingFailed = {
  message: 'Internal server error',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
} as const;

/** An error as Apollo Server would show it: with a code, and without what it says of the HTTP response. */
function show(error: GraphQLError, formatError: FormatError): GraphQLFormattedError {
  const { http: _http, ...extensions } = error.extensions;
  const code = extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
  try {
    return formatError({ ...error.toJSON(), extensions: { ...extensions, code } }, error);
  } catch {
    return formattingFailed;
  }
}

/** The status that errors ask for, the last one of several. */
function statusOf(errors: readonly GraphQLError[]): number | undefined {
  const statuses = errors.map(
    ({ extensions }) => (extensions['http'] as { status?: unknown } | undefined)?.status,
  );
  return statuses.findLast((status) => typeof status === 'number');
}

function toGraphQLError(thrown: unknown): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(`Something was thrown: ${String(thrown)}`);
  return new GraphQLError(error.message, { originalError: error });
}

/**
 * Apollo Server, and the short way past it for what it has let through before.
 *
 * It parses and validates a document, and runs it, when it comes for the first time. After that the document goes straight
 * to the executor: the pipeline around it (hash, hooks, negotiation, a dozen promises) costs as much as a whole small
 * operation. What the executor refuses before anything was executed goes through the pipeline again, which words it.
 */
export function createGraphqlServer<Context extends BaseContext>(
  options: GraphqlServerOptions,
): GraphqlServer<Context> {
  const { log, formatError } = options;
  const prepared = new PreparedOperations();
  let execute: Executor | undefined;
  const apollo = new ApolloServer<Context>({
    gateway: watchExecutor(options.gateway, (executor) => {
      execute = executor;
    }),
    // Who may see the schema is decided in front of this.
    introspection: true,
    // So is what a foreign page can make a browser send.
    csrfPrevention: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError,
    plugins: [...nothingAdded, prepared.plugin],
  });

  async function runWhole(operation: GraphqlOperation, contextValue: Context): Promise<GraphqlOutcome> {
    const { http, body } = await apollo.executeOperation(operation, { contextValue });
    if (body.kind !== 'single')
      throw new Error('An operation was answered in parts, which nobody here takes.');
    return { result: body.singleResult, status: http.status };
  }

  /** Null when nothing was executed. */
  async function runPrepared(request: ExecutorRequest): Promise<GraphqlOutcome | null> {
    try {
      const { data, errors } = (await execute?.(request)) ?? {};
      if (data === undefined) return null;
      if (errors === undefined) return { result: { data }, status: undefined };
      const shown = errors.map((error) => show(error, formatError));
      return { result: { errors: shown, data }, status: statusOf(errors) };
    } catch (thrown) {
      const failure = toGraphQLError(thrown);
      return { result: { errors: [show(failure, formatError)] }, status: statusOf([failure]) ?? 500 };
    }
  }

  return {
    start: () => apollo.start(),
    stop: () => apollo.stop(),
    async run(operation, context) {
      const known = prepared.find(operation);
      if (known === undefined) return runWhole(operation, context);
      // Apollo's own request context holds more, which no executor of ours reads.
      const request = { ...known, request: operation, context } as unknown as ExecutorRequest;
      return (await runPrepared(request)) ?? runWhole(operation, context);
    },
  };
}
