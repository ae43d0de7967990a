import { ApolloGateway } from '@apollo/gateway';
import { composeServices } from '@apollo/composition';
import { Supergraph as Composed } from '@apollo/federation-internals';
import {
  GraphQLError,
  isEnumType,
  isObjectType,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { silent } from '../support/subgraph.ts';
import type { Fixture } from './fixtures.ts';
import { shadowPrefix, type MadeOperation } from './operations.ts';
import { cutter, isOfWholeFetch } from './verdict.ts';
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

export type Executor = ReturnType<Engine['open']>['executor'];
type Asked = Parameters<Executor>[0];

export function compose(fixture: Pick<Fixture, 'name' | 'subgraphs'>): string {
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

/** Answers one operation of one subgraph. */
export type RunSubgraph<Context> = (
  name: string,
  query: string,
  variables: Record<string, unknown>,
  context: Context,
) => ReturnType<FakeSubgraph['run']>;

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}

/** Opens a supergraph in the stock gateway and in ours, over the same subgraphs in this process. */
export async function openBoth<Context>(
  sdl: string,
  run: RunSubgraph<Context>,
  // The stock gateway follows no progressive override.
  random: () => number = () => 1,
): Promise<{ schema: GraphQLSchema; stock: Executor; ours: Executor }> {
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    logger: silent,
    buildService: ({ name }) => ({
      process: ({ request, context }) =>
        run(name, request.query ?? '', request.variables ?? {}, context as Context),
    }),
  });
  const engine = createEngine<Context>({
    supergraphSdl: sdl,
    random,
    call: async ({ subgraph, head, variables }, context) => {
      const { query } = JSON.parse(`${head}}`) as { query: string };
      const given = JSON.parse(variables ?? '{}') as Record<string, unknown>;
      // Others may have the same answer: whoever changes it fails.
      return freeze(await run(subgraph, query, given, context));
    },
  });
  const stock: Executor = await gateway.load({}).then(
    ({ executor }) => executor,
    // What it cannot load it cannot answer; a test of what it lacks may expect that.
    (error: unknown) => () => {
      throw error;
    },
  );
  const { schema, executor: ours } = engine.open();
  return { schema, stock, ours };
}

/** Asks an executor as Apollo Server does, with a document that is valid. */
export async function ask<Context>(
  executor: Executor,
  schema: GraphQLSchema,
  document: DocumentNode,
  made: MadeOperation,
  world: Context,
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

function nameWithoutPrefix(name: string): string {
  return name.startsWith(shadowPrefix) ? name.slice(shadowPrefix.length) : name;
}

/** A result in which names, also those in paths, have lost the prefix. */
function withoutPrefix(value: unknown): unknown {
  if (value instanceof GraphQLError) return withoutPrefix(value.toJSON());
  if (Array.isArray(value)) return value.map(withoutPrefix);
  if (typeof value === 'string') return nameWithoutPrefix(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [nameWithoutPrefix(name), withoutPrefix(each)]),
  );
}

/** The whole graph as far as it is shown: no object of a type that clients do not see, and no such value. */
function shownSchema(sdl: string, seen: GraphQLSchema): GraphQLSchema {
  const shown = Composed.build(sdl).schema.toGraphQLJSSchema();
  for (const type of Object.values(shown.getTypeMap())) {
    const seenType = seen.getType(type.name);
    if (isEnumType(type) && isEnumType(seenType)) type.serialize = (value) => seenType.serialize(value);
    if (isObjectType(type) && seenType === undefined) type.isTypeOf = () => false;
  }
  return shown;
}

/** The stock gateway and ours over the same made-up subgraphs. */
export class Rivals {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** With what clients do not see. */
  readonly whole: GraphQLSchema;
  /** The same, which shows no such object or value. */
  readonly shown: GraphQLSchema;
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
    this.shown = shownSchema(sdl, schema);
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
    const { schema, stock, ours } = await openBoth<World>(sdl, (name, query, variables, world) => {
      const subgraph = subgraphs(world)[name];
      if (subgraph === undefined) throw new Error(`There is no subgraph ${name}.`);
      return subgraph.run(query, variables);
    });
    return new Rivals(sdl, schema, stock, ours, subgraphs);
  }

  /** The document of an operation; undefined when it is not valid. */
  parse(made: MadeOperation): DocumentNode | undefined {
    const document = parse(made.query);
    return validate(this.schema, document).length === 0 ? document : undefined;
  }

  /** The stock gateway is asked with aliases that it cannot mix up, and its answer is given with the client's. */
  async askStock(document: DocumentNode, made: MadeOperation, world: World): Promise<Outcome> {
    const { plainQuery, variables } = made;
    if (plainQuery === undefined || plainQuery === made.query)
      return ask(this.#stock, this.schema, document, made, world);
    const plainDocument = parse(plainQuery);
    const plain = { query: plainQuery, variables };
    const outcome = await ask(this.#stock, this.schema, plainDocument, plain, world);
    // By the names of the plain document: what only the plan asked for may have the name of a client's alias.
    const cut = cutter(plainDocument);
    const errors = outcome.errors?.map((error) =>
      isOfWholeFetch(error)
        ? error
        : { message: error.message, extensions: error.extensions, path: cut(error.path ?? []) },
    );
    return withoutPrefix({ ...outcome, ...(errors && { errors }) }) as Outcome;
  }

  askOurs(document: DocumentNode, made: MadeOperation, world: World): Promise<Outcome> {
    return ask(this.#ours, this.schema, document, made, world);
  }

  /** What each subgraph of a world was asked so far. */
  asked(world: World): { query: string; variables: Record<string, unknown> }[] {
    return Object.values(this.#subgraphs(world)).flatMap(({ asked }) => asked);
  }
}
