import { setImmediate } from 'node:timers/promises';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { validate, type GraphQLSchema } from 'graphql';
import { OperationRefused } from './operation.ts';
import { Supergraph } from './supergraph.ts';
import type { CallSubgraph } from './subgraph-call.ts';

type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>;
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

/** Operations whose plans a new supergraph gets before it takes traffic. */
const maxWarmOperations = 200;

export interface EngineOptions<Context> {
  supergraphSdl: string;
  call: CallSubgraph<Context>;
  /** Called with the subgraphs of a supergraph before it is used; throws when one of them cannot be reached. */
  checkSubgraphs?: (subgraphs: readonly string[]) => void;
}

/** The executor of the edge: Apollo's query plans, carried out over our own hops. */
export interface Engine extends GatewayInterface {
  /** Opens the supergraph; `load` is the same for Apollo Server. */
  open(): { schema: GraphQLSchema; executor: Executor };
  /**
   * Goes over to another supergraph. Requests that have begun end on the one they began with; the most used operations are
   * planned on the new one first, where they are still valid.
   * @throws GraphQLError when the text is no supergraph; the old one serves on.
   */
  swap(supergraphSdl: string): Promise<void>;
}

async function warm(next: Supergraph, previous: Supergraph): Promise<void> {
  for (const operation of previous.mostUsed(maxWarmOperations)) {
    // Planning takes milliseconds; requests go on in between.
    await setImmediate();
    if (validate(next.schema, operation.document).length > 0) continue;
    try {
      next.compiled(operation);
    } catch {
      // The client that asks for it next is told why it cannot be planned.
    }
  }
}

export function createEngine<Context>(options: EngineOptions<Context>): Engine {
  const versions = new WeakMap<GraphQLSchema, Supergraph>();
  const listeners = new Set<SchemaListener>();
  let current: Supergraph | undefined;

  function open(sdl: string): Supergraph {
    const supergraph = new Supergraph(sdl);
    options.checkSubgraphs?.(supergraph.subgraphs);
    versions.set(supergraph.schema, supergraph);
    return supergraph;
  }

  function announce(supergraph: Supergraph): void {
    current = supergraph;
    for (const listener of listeners)
      listener({ apiSchema: supergraph.schema, coreSupergraphSdl: supergraph.sdl });
  }

  const executor: Executor = async ({
    schema,
    document,
    operationName,
    queryHash,
    source,
    request,
    context,
  }) => {
    const supergraph = versions.get(schema) ?? current;
    if (supergraph === undefined) throw new Error('The supergraph has not been loaded.');
    try {
      const compiled = supergraph.compiled({
        document,
        documentKey: queryHash,
        characters: source.length,
        operationName: operationName ?? request.operationName ?? null,
      });
      return await compiled.run(request.variables ?? {}, options.call, context as Context);
    } catch (error) {
      if (error instanceof OperationRefused) return { errors: [error] };
      throw error;
    }
  };

  function start() {
    const supergraph = open(options.supergraphSdl);
    announce(supergraph);
    return { schema: supergraph.schema, executor };
  }

  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: start,
    load: () => Promise.resolve(start()),
    async swap(supergraphSdl) {
      const next = open(supergraphSdl);
      if (current !== undefined) await warm(next, current);
      announce(next);
    },
    stop: () => Promise.resolve(),
  };
}
