import { ApolloGateway } from '@apollo/gateway';
import { composeServices } from '@apollo/composition';
import { Supergraph as Composed } from '@apollo/federation-internals';
import { parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { silent } from '../support/subgraph.ts';
import type { Fixture } from './fixtures.ts';
import type { MadeOperation } from './operations.ts';
import { createFakeSubgraph, type FakeSubgraph, type World } from './world.ts';

/** A result as both gateways give it. */
export interface Outcome {
  data?: unknown;
  errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
  /** Where the stock gateway tells of nulls that may not be, as long as nothing else went wrong. */
  extensions?: { valueCompletion?: { path?: readonly (string | number)[] }[] };
}

type Executor = ReturnType<Engine['open']>['executor'];
type Asked = Parameters<Executor>[0];

export function compose(fixture: Fixture): string {
  const services = Object.entries(fixture.subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.invalid`,
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined)
    throw new AggregateError(errors ?? [], `${fixture.name} does not compose: ${String(errors)}`);
  return supergraphSdl;
}

/** Asks an executor as Apollo Server does, with a document that is valid. */
async function ask(
  executor: Executor,
  schema: GraphQLSchema,
  document: DocumentNode,
  made: MadeOperation,
  world: World,
) {
  const request = { query: made.query, variables: made.variables };
  return (await executor({
    request,
    document,
    schema,
    source: made.query,
    queryHash: made.query,
    operationName: null,
    context: world,
    metrics: {},
    logger: silent,
  } as unknown as Asked)) as Outcome;
}

/** The stock gateway and ours over the same made-up subgraphs. */
export class Rivals {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** With what clients do not see. */
  readonly whole: GraphQLSchema;
  readonly #stock: Executor;
  readonly #ours: Executor;
  readonly #subgraphs: (world: World) => Record<string, FakeSubgraph>;

  constructor(
    sdl: string,
    schema: GraphQLSchema,
    stock: Executor,
    ours: Executor,
    subgraphs: (world: World) => Record<string, FakeSubgraph>,
  ) {
    this.sdl = sdl;
    this.schema = schema;
    this.whole = Composed.build(sdl).schema.toGraphQLJSSchema();
    this.#stock = stock;
    this.#ours = ours;
    this.#subgraphs = subgraphs;
  }

  static async start(fixture: Fixture): Promise<Rivals> {
    const sdl = compose(fixture);
    const worlds = new WeakMap<World, Record<string, FakeSubgraph>>();
    const subgraphs = (world: World) => {
      let made = worlds.get(world);
      if (made === undefined) {
        const entries = Object.entries(fixture.subgraphs).map(
          ([name, text]) => [name, createFakeSubgraph(text, world)] as const,
        );
        made = Object.fromEntries(entries);
        worlds.set(world, made);
      }
      return made;
    };
    const run = (name: string, world: World, query: string, variables: Record<string, unknown>) => {
      const subgraph = subgraphs(world)[name];
      if (subgraph === undefined) throw new Error(`There is no subgraph ${name}.`);
      return subgraph.run(query, variables);
    };
    const stock = new ApolloGateway({
      supergraphSdl: sdl,
      logger: silent,
      buildService: ({ name }) => ({
        process: ({ request, context }) =>
          run(name, context as World, request.query ?? '', request.variables ?? {}),
      }),
    });
    const engine = createEngine<World>({
      supergraphSdl: sdl,
      call: ({ subgraph, head, variables }, world) => {
        const { query } = JSON.parse(`${head}}`) as { query: string };
        return run(subgraph, world, query, JSON.parse(variables ?? '{}') as Record<string, unknown>);
      },
    });
    const loaded = await stock.load({});
    const own = engine.open();
    return new Rivals(sdl, own.schema, loaded.executor, own.executor, subgraphs);
  }

  /** The document of an operation; undefined when it is not valid. */
  parse(made: MadeOperation): DocumentNode | undefined {
    const document = parse(made.query);
    return validate(this.schema, document).length === 0 ? document : undefined;
  }

  askStock(document: DocumentNode, made: MadeOperation, world: World): Promise<Outcome> {
    return ask(this.#stock, this.schema, document, made, world);
  }

  askOurs(document: DocumentNode, made: MadeOperation, world: World): Promise<Outcome> {
    return ask(this.#ours, this.schema, document, made, world);
  }

  /** What each subgraph of a world was asked so far. */
  asked(world: World): { query: string; variables: Record<string, unknown> }[] {
    return Object.values(this.#subgraphs(world)).flatMap(({ asked }) => asked);
  }
}
