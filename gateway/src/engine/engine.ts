import type { GraphQLSchema } from 'graphql';
import { OperationRefused } from './operation-refused.ts';
import type { CallSubgraph } from './subgraph-call.ts';
import type { Supergraph } from './supergraph.ts';
import { Versions, type GatewayInterface, type VersionsOptions } from './versions.ts';
import { planKnown, planMostUsed, type KnownOperation } from './warming.ts';

type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

export interface EngineOptions<Context> extends VersionsOptions {
  supergraphSdl: string;
  call: CallSubgraph<Context>;
  /** From 0 to below 1; decides which requests follow a progressive override. */
  random?: () => number;
  /** Operations that are planned before a supergraph is used, for everybody for whom they are valid, and kept. */
  known?: readonly KnownOperation[];
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
   * Goes over to another supergraph. Requests that have begun end on the one they began with; what is known in advance and
   * what is asked for most are planned on the new one first, where they are still valid.
   * @throws GraphQLError when the text is no supergraph; the old one serves on.
   */
  swap(supergraphSdl: string): Promise<void>;
}

function createExecutor<Context>(
  versions: Versions,
  { call, random = Math.random }: EngineOptions<Context>,
): Executor {
  return async ({ schema, document, operationName, queryHash, source, request, context }) => {
    const { supergraph, view } = versions.of(schema);
    try {
      const compiled = supergraph.compiled({
        view,
        document,
        documentKey: queryHash,
        characters: source.length,
        operationName: operationName ?? request.operationName ?? null,
        overrides: supergraph.overrideLabels.draw(random),
      });
      return await compiled.run(request.variables ?? {}, call, context as Context);
    } catch (error) {
      if (error instanceof OperationRefused) return { errors: [error] };
      throw error;
    }
  };
}

export function createEngine<Context>(options: EngineOptions<Context>): Engine {
  const { supergraphSdl, known = [] } = options;
  const versions = new Versions(options);
  const executor = createExecutor(versions, options);
  let loaded: Promise<void> | undefined;

  async function load(): Promise<void> {
    const first = await versions.prepare(supergraphSdl);
    await planKnown(first, known);
    versions.use(first);
  }

  function gatewayOf(view: string | null): GatewayInterface {
    return {
      onSchemaLoadOrUpdate: (listener) => versions.listen(listener, view),
      async load() {
        await (loaded ??= load());
        return { executor };
      },
      stop: () => Promise.resolve(),
    };
  }

  return {
    ...gatewayOf(null),
    get supergraph() {
      return versions.current;
    },
    open() {
      versions.use(versions.open(supergraphSdl));
      return { schema: versions.current.schema, executor };
    },
    view: gatewayOf,
    async swap(sdl) {
      const next = await versions.prepare(sdl);
      await planKnown(next, known);
      await planMostUsed(next, versions.current);
      versions.use(next);
    },
  };
}
