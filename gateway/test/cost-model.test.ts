import { parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import { TooManySelections } from '../src/limits/cost/collected-fields.ts';
import { evaluate, type Variables } from '../src/limits/cost/formula.ts';
import { CostModel } from '../src/limits/cost/model.ts';
import { reckon } from '../src/limits/cost/selection-cost.ts';
import { shapeOf } from './support/cost-model.ts';

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
