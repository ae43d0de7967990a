import { setImmediate } from 'node:timers/promises';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { Supergraph } from './supergraph.ts';

/** What Apollo Server asks for schema and execution. */
export type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>;
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];

export interface VersionsOptions {
  /** Called with the subgraphs of a supergraph before it is used; throws when one of them cannot be reached. */
  checkSubgraphs?: (subgraphs: readonly string[]) => void;
  /**
   * Parts of the graph that some clients see in the place of the whole, by name; worked out for each supergraph, without
   * holding up the event loop for all of it.
   */
  viewsOf?: (supergraphSdl: string) => Promise<Views>;
}

/** Parts of a graph by name. */
export type Views = ReadonlyMap<string, GraphQLSchema>;

/** One of the schemas that clients see: a part of one version of the graph, or the whole of it. */
export interface Seen {
  readonly supergraph: Supergraph;
  readonly view: string | null;
}

/** The versions of the graph: the one on which requests begin, and those on which some still run. */
export class Versions {
  readonly #options: VersionsOptions;
  readonly #seen = new WeakMap<GraphQLSchema, Seen>();
  readonly #listeners = new Map<SchemaListener, string | null>();
  #current: Supergraph | undefined;

  constructor(options: VersionsOptions) {
    this.#options = options;
  }

  /** The supergraph that requests begin on now. */
  get current(): Supergraph {
    if (this.#current === undefined) throw new Error('The supergraph has not been loaded.');
    return this.#current;
  }

  /** Reads a supergraph with its parts, which nobody uses yet. Requests go on in between. */
  async prepare(sdl: string): Promise<Supergraph> {
    const views = await this.#options.viewsOf?.(sdl);
    await setImmediate();
    return this.open(sdl, views);
  }

  /** Reads a supergraph at once. */
  open(sdl: string, views?: Views): Supergraph {
    const supergraph = new Supergraph(sdl, views);
    this.#options.checkSubgraphs?.(supergraph.subgraphs);
    for (const view of supergraph.views) this.#seen.set(supergraph.schemaOf(view), { supergraph, view });
    return supergraph;
  }

  /** Lets requests begin on a supergraph from now on. */
  use(supergraph: Supergraph): void {
    this.#current = supergraph;
    for (const [listener, view] of this.#listeners) this.#tell(listener, view);
  }

  /** Tells of the schema of a view whenever it changes, and at once where there is one. */
  listen(listener: SchemaListener, view: string | null): () => void {
    this.#listeners.set(listener, view);
    if (this.#current !== undefined) this.#tell(listener, view);
    return () => this.#listeners.delete(listener);
  }

  /** Whose schema this is. */
  of(schema: GraphQLSchema): Seen {
    const seen = this.#seen.get(schema);
    if (seen === undefined) throw new Error('This is no schema of the engine.');
    return seen;
  }

  #tell(listener: SchemaListener, view: string | null): void {
    const { sdl } = this.current;
    listener({ apiSchema: this.current.schemaOf(view), coreSupergraphSdl: sdl });
  }
}
