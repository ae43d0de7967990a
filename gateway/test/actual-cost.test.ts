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
import { executeSync, parse, type GraphQLFieldResolver, type GraphQLTypeResolver } from 'graphql';
import { expect, test } from 'vitest';
import { actualCost } from '../src/limits/cost/actual-cost.ts';
import { evaluate, type Variables } from '../src/limits/cost/formula.ts';
import { model, shapeOf } from './support/cost-model.ts';

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
