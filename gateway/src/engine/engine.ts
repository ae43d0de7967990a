import { setImmediate } from 'node:timers/promises';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { validate, type GraphQLSchema } from 'graphql';
import { OperationRefused } from './operation.ts';
import { Supergraph, type ClientOperation } from './supergraph.ts';
import type { CallSubgraph } from './subgraph-call.ts';

/** What Apollo Server asks for schema and execution. */
export type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>;
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];
type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

/** Operations whose plans a new supergraph gets before it takes traffic. */
const maxWarmOperations = 200;

export interface EngineOptions<Context> {
  supergraphSdl: string;
  call: CallSubgraph<Context>;
  /** Called with the subgraphs of a supergraph before it is used; throws when one of them cannot be reached. */
  checkSubgraphs?: (subgraphs: readonly string[]) => void;
  /** Parts of the graph that some clients see in the place of the whole, by name; worked out for each supergraph. */
  viewsOf?: (supergraphSdl: string) => ReadonlyMap<string, GraphQLSchema>;
  /** Operations that are planned before a supergraph is used, where they are valid on it, and kept. */
  known?: readonly ClientOperation[];
}

/** The executor of the edge: Apollo's query plans, carried out over our own hops. */
export interface Engine extends GatewayInterface {
  /** The supergraph that requests begin on now. */
  readonly supergraph: Supergraph;
  /** Opens the supergraph; `load` is the same for Apollo Server. */
  open(): { schema: GraphQLSchema; executor: Executor };
  /** The same engine for clients that see one of `viewsOf`. */
  view(name: string): GatewayInterface;
  /**
   * Goes over to another supergraph. Requests that have begun end on the one they began with; the most used operations are
   * planned on the new one first, where they are still valid.
   * @throws GraphQLError when the text is no supergraph; the old one serves on.
   */
  swap(supergraphSdl: string): Promise<void>;
}

/** Compiles operations one by one; those that do not fit are left to the clients that ask for them, who are told why. */
async function prepare(
  supergraph: Supergraph,
  operations: Iterable<ClientOperation>,
  compile: (operation: ClientOperation) => void,
): Promise<void> {
  for (const operation of operations) {
    // Planning takes milliseconds; requests go on in between.
    await setImmediate();
    if (validate(supergraph.schemaOf(operation.view), operation.document).length > 0) continue;
    try {
      compile(operation);
    } catch {
      // The client that asks for it next is told why it cannot be planned.
    }
  }
}

export function createEngine<Context>(options: EngineOptions<Context>): Engine {
  const versions = new WeakMap<GraphQLSchema, { supergraph: Supergraph; view: string | null }>();
  const listeners = new Map<SchemaListener, string | null>();
  let current: Supergraph | undefined;

  function open(sdl: string): Supergraph {
    const supergraph = new Supergraph(sdl, options.viewsOf);
    options.checkSubgraphs?.(supergraph.subgraphs);
    for (const view of supergraph.views) versions.set(supergraph.schemaOf(view), { supergraph, view });
    return supergraph;
  }

  function prepareKnown(supergraph: Supergraph): Promise<void> {
    return prepare(supergraph, options.known ?? [], (operation) => {
      supergraph.know(operation);
    });
  }

  function tell(listener: SchemaListener, view: string | null, supergraph: Supergraph): void {
    listener({ apiSchema: supergraph.schemaOf(view), coreSupergraphSdl: supergraph.sdl });
  }

  function announce(supergraph: Supergraph): void {
    current = supergraph;
    for (const [listener, view] of listeners) tell(listener, view, supergraph);
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
    const version = versions.get(schema);
    if (version === undefined) throw new Error('This is no schema of the engine.');
    try {
      const compiled = version.supergraph.compiled({
        view: version.view,
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

  let loading: Promise<Supergraph> | undefined;
  async function loadFirst(): Promise<Supergraph> {
    current = open(options.supergraphSdl);
    await prepareKnown(current);
    return current;
  }

  function gatewayOf(view: string | null): GatewayInterface {
    return {
      onSchemaLoadOrUpdate(listener) {
        listeners.set(listener, view);
        return () => listeners.delete(listener);
      },
      async load() {
        const supergraph = await (loading ??= loadFirst());
        for (const [listener, of] of listeners) if (of === view) tell(listener, view, supergraph);
        return { executor };
      },
      stop: () => Promise.resolve(),
    };
  }

  return {
    ...gatewayOf(null),
    get supergraph() {
      if (current === undefined) throw new Error('The supergraph has not been loaded.');
      return current;
    },
    open: start,
    view: gatewayOf,
    async swap(supergraphSdl) {
      const next = open(supergraphSdl);
      await prepareKnown(next);
      if (current !== undefined) {
        await prepare(next, current.mostUsed(maxWarmOperations), (operation) => {
          next.compiled(operation);
        });
      }
      announce(next);
    },
  };
}
