import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, validate, type GraphQLSchema } from 'graphql';
import { expect } from 'vitest';
import { ask, compose, openBoth, type Executor, type Outcome } from '../oracle/gateways.ts';

// Keeps `@apollo/gateway` from looking for cloud metadata and reporting to its maker.
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires",
  "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@context", "@fromContext"])`;

/** What a subgraph knows, field by field, in graphql-js's way: values, or functions of parent and arguments. */
type Resolvers = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']
>;

export interface Subgraph {
  sdl: string;
  resolvers: Resolvers;
}

/** What a subgraph was asked. */
export interface Asked {
  subgraph: string;
  query: string;
  representations: unknown;
  variables: Record<string, unknown>;
}

/** A result, its errors by message and path. */
export interface Answer {
  data: unknown;
  errors?: { message: string; path: readonly (string | number)[] }[];
}

/** The stock gateway could not answer at all. */
interface Failed {
  failed: unknown;
}

function plain({ data, errors }: Outcome): Answer {
  const answer = { data: JSON.parse(JSON.stringify(data ?? null)) as unknown };
  if (errors === undefined || errors.length === 0) return answer;
  return { ...answer, errors: errors.map(({ message, path = [] }) => ({ message, path })) };
}

/** A small graph of subgraphs in this process, behind the stock gateway and behind ours. */
export class Graph {
  readonly #schema: GraphQLSchema;
  readonly #stock: Executor;
  readonly #ours: Executor;

  private constructor(schema: GraphQLSchema, stock: Executor, ours: Executor) {
    this.#schema = schema;
    this.#stock = stock;
    this.#ours = ours;
  }

  /** @param random decides in ours which requests follow a progressive override: none, where it is left out. */
  static async open(subgraphs: Readonly<Record<string, Subgraph>>, random?: () => number): Promise<Graph> {
    const entries = Object.entries(subgraphs);
    const sdl = compose({
      name: 'the graph of this test',
      subgraphs: Object.fromEntries(entries.map(([name, subgraph]) => [name, `${link} ${subgraph.sdl}`])),
    });
    const schemas = new Map(
      entries.map(([name, subgraph]) => [
        name,
        buildSubgraphSchema({ typeDefs: parse(`${link} ${subgraph.sdl}`), resolvers: subgraph.resolvers }),
      ]),
    );
    const { schema, stock, ours } = await openBoth<Asked[]>(
      sdl,
      async (subgraph, query, variables, asked) => {
        const own = schemas.get(subgraph);
        if (own === undefined) throw new Error(`There is no subgraph ${subgraph}.`);
        const { representations, ...others } = variables;
        asked.push({ subgraph, query, representations, variables: others });
        const result = await execute({ schema: own, document: parse(query), variableValues: variables });
        return JSON.parse(JSON.stringify(result)) as Awaited<ReturnType<Parameters<typeof openBoth>[1]>>;
      },
      random,
    );
    return new Graph(schema, stock, ours);
  }

  /** Asks both gateways, and gives what ours asked of the subgraphs, in order. */
  async ask(
    query: string,
    variables: Record<string, unknown>,
  ): Promise<{ ours: Answer; stock: Answer | Failed; asked: Asked[] }> {
    const document = parse(query);
    const [invalid] = validate(this.#schema, document);
    if (invalid !== undefined) throw invalid;
    const made = { query, variables };
    const asked: Asked[] = [];
    const ours = plain(await ask(this.#ours, this.#schema, document, made, asked));
    const stock = await ask(this.#stock, this.#schema, document, made, []).then(plain, (error: unknown) => ({
      failed: String(error),
    }));
    return { ours, stock, asked };
  }
}

/**
 * Asks both gateways and expects this answer of each.
 * @returns what ours asked of the subgraphs, in order.
 */
export function expectOfBoth(
  graph: Graph,
  query: string,
  answer: Answer,
  variables: Record<string, unknown> = {},
): Promise<Asked[]> {
  return expectOfEach(graph, query, { ours: answer, stock: answer }, variables);
}

/** The same where the stock gateway errs: its answer is written down as well, so that we notice when it is mended. */
export async function expectOfEach(
  graph: Graph,
  query: string,
  expected: { ours: Answer; stock: Answer | Failed },
  variables: Record<string, unknown> = {},
): Promise<Asked[]> {
  const { asked, ...answers } = await graph.ask(query, variables);
  expect(answers).toEqual(expected);
  return asked;
}
