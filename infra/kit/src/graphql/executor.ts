import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { Counter, type Registry } from 'prom-client';
import { onBehalfOfOperation } from '../database/query-origin.ts';
import type { ExecuteOperation, OperationRequest } from '../hop/server.ts';
import type { Logger } from '../service/logger.ts';
import type { OperationContext } from './context.ts';
import { createErrorFormatter } from './errors.ts';
import { pickLanguage } from './refusal.ts';

export interface ExecutorOptions<Context extends OperationContext> {
  schema: GraphQLSchema;
  log: Logger;
  registry: Registry;
  /** Adds the subgraph's own part (loaders, database) to an operation's context. Called once an operation. */
  createContext(base: OperationContext): Context;
}

export interface Executor {
  execute: ExecuteOperation;
  start(): Promise<void>;
  stop(): Promise<void>;
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

const deadlinePassed = JSON.stringify({
  errors: [{ message: 'The time that the caller gave is over.', extensions: { code: 'DEADLINE_EXCEEDED' } }],
});

/** Resolves with `fallback` when the deadline passes before `work` is done; `work` runs on. */
async function within(
  deadlineAtMs: number | undefined,
  work: Promise<string>,
  fallback: string,
): Promise<string> {
  if (deadlineAtMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadlineAtMs - Date.now()), fallback);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer with `extensions.dependencies`: what it depends on, for who keeps a copy of it. */
function withDependencies(text: string, dependencies: ReadonlySet<string>): string {
  return `${text.slice(0, -1)},"extensions":${JSON.stringify({ dependencies: [...dependencies] })}}`;
}

/** Apollo Server around a subgraph's schema, driven by the hop: one context for each operation. */
export function createExecutor<Context extends OperationContext>(
  options: ExecutorOptions<Context>,
): Executor {
  const { log } = options;
  const operations = new Counter({
    name: 'banyan_operations_total',
    help: 'Operations run, by whether all, some or none of it came without error.',
    labelNames: ['outcome'],
    registers: [options.registry],
  });
  const apollo = new ApolloServer<Context>({
    schema: options.schema,
    introspection: true,
    csrfPrevention: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: createErrorFormatter(log),
    plugins: nothingAdded,
  });
  const headers = new HeaderMap([['content-type', 'application/json']]);

  async function run(operation: OperationRequest): Promise<string> {
    const dependencies = operation.wantsDependencies === true ? new Set<string>() : undefined;
    const context = options.createContext({
      caller: operation.caller,
      requestId: operation.requestId,
      language: pickLanguage(operation.language),
      deadlineAtMs: operation.deadlineAtMs,
      log: log.child({ requestId: operation.requestId }),
      dependencies,
    });
    const { body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers,
        search: '',
        body: {
          query: operation.query,
          ...(operation.variables !== undefined && { variables: operation.variables }),
          ...(operation.operationName !== undefined && { operationName: operation.operationName }),
        },
      },
      context: () => Promise.resolve(context),
    });
    if (body.kind !== 'complete') throw new Error('An operation answered in parts, which hops do not carry.');
    operations.inc({ outcome: body.string.startsWith('{"data"') ? 'data' : 'errors' });
    const text = body.string.trimEnd();
    return dependencies === undefined ? text : withDependencies(text, dependencies);
  }

  return {
    execute: (operation) =>
      within(
        operation.deadlineAtMs,
        onBehalfOfOperation(() => run(operation)),
        deadlinePassed,
      ),
    start: () => apollo.start(),
    stop: () => apollo.stop(),
  };
}
