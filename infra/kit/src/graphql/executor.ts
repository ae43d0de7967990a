import type { GraphQLSchema } from 'graphql';
import { Counter, type Registry } from 'prom-client';
import { onBehalfOfOperation, OperationScope } from '../database/operation-scope.ts';
import type { ExecuteOperation, OperationRequest } from '../hop/server.ts';
import { lazyChild } from '../service/lazy-logger.ts';
import type { Logger } from '../service/logger.ts';
import type { OperationContext } from './context.ts';
import { createDeadlines } from './deadlines.ts';
import { createErrorFormatter } from './errors.ts';
import { createGraphqlServer } from './graphql-server.ts';
import { pickLanguage } from '../hop/language.ts';
import { isMutation } from './is-mutation.ts';
import { createLocalGateway } from './execution/local-gateway.ts';

export interface ExecutorOptions<Context extends OperationContext> {
  schema: GraphQLSchema;
  log: Logger;
  registry: Registry;
  /** Adds the subgraph's own part (loaders, database) to an operation's context. Called once an operation. */
  createContext: (base: OperationContext) => Context;
}

export interface Executor {
  execute: ExecuteOperation;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const deadlinePassed = JSON.stringify({
  errors: [{ message: 'The time that the caller gave is over.', extensions: { code: 'DEADLINE_EXCEEDED' } }],
});

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
  const server = createGraphqlServer<Context>({
    gateway: createLocalGateway(options.schema),
    formatError: createErrorFormatter(log),
    log,
  });
  const deadlines = createDeadlines();

  async function run(operation: OperationRequest): Promise<string> {
    const { query, variables, operationName, requestId, deadlineAtMs } = operation;
    const dependencies = operation.wantsDependencies === true ? new Set<string>() : undefined;
    const contextValue = options.createContext({
      caller: operation.caller,
      requestId,
      language: pickLanguage(operation.language),
      deadlineAtMs,
      log: lazyChild(log, { requestId }),
      dependencies,
      network: operation.network,
    });
    const { result } = await server.run({ query, variables, operationName }, contextValue);
    const { data, errors } = result;
    operations.inc({ outcome: errors === undefined ? 'data' : 'errors' });
    return JSON.stringify({
      errors,
      data,
      // What the answer depends on, for who keeps a copy of it.
      extensions: dependencies && { dependencies: [...dependencies] },
    });
  }

  return {
    execute: (operation) => {
      const { deadlineAtMs } = operation;
      // A mutation runs on: whether it takes effect is not for the clock to decide, nor for who hangs up.
      const scope = isMutation(operation) ? undefined : new OperationScope();
      operation.whenGone?.(() => scope?.expire());
      const work = onBehalfOfOperation(() => run(operation), scope);
      if (scope !== undefined)
        void work.then(
          () => scope.settle(),
          () => scope.settle(),
        );
      if (deadlineAtMs === undefined) return work;
      return deadlines.within(deadlineAtMs, work, () => {
        scope?.expire();
        return deadlinePassed;
      });
    },
    start: () => server.start(),
    stop: () => server.stop(),
  };
}
