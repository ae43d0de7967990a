import {
  array,
  assert,
  boolean,
  constant,
  integer,
  letrec,
  oneof,
  property,
  type Arbitrary,
} from 'fast-check';
import {
  executeSync,
  Kind,
  parse,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLTypeResolver,
  type OperationDefinitionNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { actualCost } from '../src/limits/cost/actual-cost.ts';
import { TooManySelections } from '../src/limits/cost/collected-fields.ts';
import { evaluate, type Variables } from '../src/limits/cost/formula.ts';
import { CostModel } from '../src/limits/cost/model.ts';
import { reckon } from '../src/limits/cost/selection-cost.ts';

const model = new CostModel(/* GraphQL */ `
  directive @cost(
    weight: Int!
  ) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION

  type Query {
    items(first: Int = 3): [Item!]!
      @cost(weight: 2)
      @listSize(assumedSize: 9, slicingArguments: ["first"], requireOneSlicingArgument: false)
    page(first: Int, last: Int): Page
      @listSize(
        assumedSize: 4
        slicingArguments: ["first", "last"]
        sizedFields: ["nodes"]
        requireOneSlicingArgument: false
      )
    thing: Thing
    find(words: String @cost(weight: 7)): Item
  }
  type Mutation {
    buy: Item
    pay: Item @cost(weight: 40)
  }
  type Page {
    total: Int!
    nodes: [Item!]!
  }
  type Item implements Thing {
    id: ID!
    price: Money
    parts: [Part!]! @listSize(assumedSize: 2)
    tags: [String!]!
    notes: [Note!]!
    like: Thing
  }
  type Part implements Thing @cost(weight: 5) {
    id: ID!
    item: Item
  }
  type Note {
    text: String!
  }
  type Money @cost(weight: 0) {
    minor: Int!
  }
  interface Thing {
    id: ID!
  }
`);

function shapeOf(text: string) {
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
  }
  if (operation === undefined) throw new Error('There is no operation.');
  return reckon(model, operation, fragments);
}

const requested = (text: string, variables: Variables = {}) => evaluate(shapeOf(text).requested, variables);

describe('an operation asks for', () => {
  test.each([
    ['nothing, where it asks for plain values', '{ __typename }', 0],
    ['a point for each object', '{ thing { id } }', 5],
    ['nothing for objects that are mere values', '{ find { price { minor } } }', 1],
    ['ten points more for a change', 'mutation { buy { id } }', 11],
    ['the weight of a field once a call', 'mutation { pay { id } }', 41],
    ['as many objects as its argument says', '{ items(first: 20) { id } }', 22],
    ['as many as the default of the argument says', '{ items { id } }', 5],
    ['as many as are assumed, where the argument is null', '{ items(first: null) { id } }', 11],
    ['lists in lists', '{ items(first: 10) { parts { id } } }', 2 + 10 * (1 + 2 * 5)],
    ['ten of a list of which nothing is said', '{ find { notes { text } } }', 11],
    ['nothing for lists of plain values', '{ find { tags } }', 1],
    ['the lists of a page', '{ page(first: 10) { total nodes { id } } }', 11],
    ['the greater of two sizes', '{ page(first: 10, last: 30) { nodes { id } } }', 31],
    ['the assumed size of a page', '{ page { nodes { id } } }', 5],
    ['the weight of an argument', '{ find(words: "x") { id } }', 8],
    ['the weight of an argument not, where it is null', '{ find(words: null) { id } }', 1],
    ['every alias for itself', '{ a: find { id } b: find { id } }', 2],
    [
      'fields of one name once',
      '{ items(first: 4) { id } ...f } fragment f on Query { items(first: 4) { price { minor } } }',
      6,
    ],
    [
      'the dearest of the types there can be',
      '{ thing { ... on Item { parts { id } } ... on Part { id } } }',
      11,
    ],
    ['the schema at one price', '{ __schema { types { fields { name } } } }', 50],
    [
      'what is not skipped',
      '{ find { id } items @skip(if: true) { id } page @include(if: false) { total } }',
      1,
    ],
  ])('%s', (_case, text, points) => {
    expect(requested(text)).toBe(points);
  });

  test.each<[string, Variables, number]>([
    ['a variable says', { n: 50, all: true }, 2 + 50 * (1 + 10)],
    ['the default of the variable says', { all: true }, 2 + 7 * (1 + 10)],
    ['is assumed for null', { n: null, all: true }, 2 + 9 * (1 + 10)],
    ['is there without what a variable leaves out', { n: 50 }, 52],
  ])('as much as %s', (_case, variables, points) => {
    const text =
      'query ($n: Int = 7, $all: Boolean) { items(first: $n) { id parts @include(if: $all) { id } } }';
    expect(requested(text, variables)).toBe(points);
  });

  test('no more than can be counted, whatever is multiplied', () => {
    const text =
      'query ($n: Int) { items(first: $n) { parts { item { parts { item { parts { id } } } } } } }';
    expect(requested(text, { n: 1e300 })).toBeLessThanOrEqual(1e16);
  });
});

test('a weight that is not reckoned is refused with the graph, not passed over', () => {
  const sdl = `directive @cost(weight: Int!) on INPUT_FIELD_DEFINITION
    type Query { find(by: Filter): Int } input Filter { words: String @cost(weight: 5) }`;
  expect(() => new CostModel(sdl)).toThrow('Filter.words: @cost of input fields is not reckoned');
});

test('an operation whose types multiply is given up, not reckoned to the end', () => {
  const types = ['A', 'B', 'C', 'D'].map((name) => `type ${name} implements Node { next: Node }`);
  const nodes = new CostModel(`type Query { node: Node } interface Node { next: Node } ${types.join(' ')}`);
  const text = `{ node ${'{ next '.repeat(30)} { __typename } ${'}'.repeat(30)} }`;
  const [operation] = parse(text).definitions;
  expect(() => reckon(nodes, operation as OperationDefinitionNode, new Map())).toThrow(TooManySelections);
});

const sizes = oneof(
  constant(''),
  integer({ min: 0, max: 3 }).map((first) => `(first: ${first})`),
  constant('(first: $n)'),
);
const conditions = oneof(
  { weight: 4, arbitrary: constant('') },
  constant(' @include(if: $yes)'),
  constant(' @skip(if: $no)'),
  constant(' @skip(if: $yes)'),
);

interface Selections {
  item: string;
  part: string;
  thing: string;
}

const several = (of: Arbitrary<string>) =>
  array(of, { minLength: 1, maxLength: 3 }).map((parts) => `{ __typename ${parts.join(' ')} }`);
const { item } = letrec<Selections>((tie) => {
  const below = (name: keyof Selections, field: string) =>
    (tie(name) as Arbitrary<string>).map((selections) => `${field} ${selections}`);
  return {
    item: several(
      oneof(
        { maxDepth: 2 },
        constant('id'),
        constant('price { minor }'),
        conditions.map((condition) => `notes${condition} { text }`),
        constant('... on Thing { id }'),
        constant('...rest'),
        below('part', 'parts'),
        below('thing', 'like'),
        below('item', '... on Item'),
      ),
    ),
    part: several(oneof({ maxDepth: 2 }, constant('id'), below('item', 'item'))),
    thing: several(
      oneof({ maxDepth: 2 }, constant('id'), below('item', '... on Item'), below('part', '... on Part')),
    ),
  };
}) as { item: Arbitrary<string> };
const documents = array(
  oneof(
    item.chain((below) => sizes.chain((size) => conditions.map((c) => `items${size}${c} ${below}`))),
    item.chain((below) => sizes.map((size) => `page${size} { total nodes ${below} }`)),
    item.map((below) => `thing { __typename ... on Item ${below} ... on Part { id } }`),
    item.map((below) => `find(words: "x") ${below}`),
  ),
  { minLength: 1, maxLength: 3 },
).map(
  // An alias each, since fields of one name may not have two sizes.
  (fields) =>
    `query ($n: Int = 2, $yes: Boolean = true, $no: Boolean = false) { ${fields
      .map((field, index) => `f${index}: ${field}`)
      .join(' ')} } fragment rest on Item { price { minor } parts { id } }`,
);

/** Runs an operation on lists that are as long as they may be, and counts what was called and what came. */
function runAndCount(text: string, variables: Variables, isPart: boolean) {
  let points = 0;
  const things = (count: number, typename: string, weight: number) => {
    points += count * weight;
    return Array.from({ length: count }, () => ({ __typename: typename, size: 0 }));
  };
  const one = (typename: string, weight: number) => things(1, typename, weight)[0];
  const fieldResolver: GraphQLFieldResolver<{ size: number }, unknown, { first?: number }> = (
    source,
    { first },
    _context,
    { fieldName },
  ) => {
    switch (fieldName) {
      case 'items':
        points += 2;
        return things(first ?? 9, 'Item', 1);
      case 'page':
        points += 1;
        return { size: first ?? 4 };
      case 'nodes':
        return things(source.size, 'Item', 1);
      case 'find':
        points += 7;
        return one('Item', 1);
      case 'item':
        return one('Item', 1);
      case 'parts':
        return things(2, 'Part', 5);
      case 'notes':
        return things(10, 'Note', 1);
      case 'thing':
      case 'like':
        return isPart ? one('Part', 5) : one('Item', 1);
      case 'price':
        return {};
      default:
        return fieldName === 'minor' || fieldName === 'total' ? 1 : 'x';
    }
  };
  const typeResolver: GraphQLTypeResolver<{ __typename: string }, unknown> = ({ __typename }) => __typename;
  const { data, errors } = executeSync({
    schema: model.schema,
    document: parse(text),
    variableValues: variables,
    fieldResolver,
    typeResolver,
  });
  if (errors !== undefined) throw new AggregateError(errors, text);
  return { points, data: data as Record<string, unknown> };
}

test('an answer costs what was called and what came, and never more than was asked for', () => {
  assert(
    property(
      documents,
      oneof(
        constant({}),
        integer({ min: 0, max: 4 }).map((n) => ({ n })),
      ),
      boolean(),
      boolean(),
      (text, size, yes, isPart) => {
        const variables = { ...size, yes };
        const shape = shapeOf(text);
        const { points, data } = runAndCount(text, variables, isPart);
        expect(actualCost(shape, data, variables)).toBe(points);
        expect(evaluate(shape.requested, variables)).toBeGreaterThanOrEqual(points);
        if (!/thing|like/.test(text)) expect(evaluate(shape.requested, variables)).toBe(points);
      },
    ),
    { numRuns: 500 },
  );
});
