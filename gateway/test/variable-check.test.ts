import {
  assert,
  boolean,
  constant,
  dictionary,
  double,
  integer,
  letrec,
  oneof,
  property,
  string,
  array,
} from 'fast-check';
import { buildSchema, Kind, parse } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { expect, test } from 'vitest';
import { compileVariableCheck } from '../src/engine/variable-check.ts';

const schema = buildSchema(`type Query { a: Int } scalar BigInt enum Word { YES NO }
  input Tree { name: String! = "x", size: Int, words: [Word!], below: [Tree], id: ID, ratio: Float, flag: Boolean!, big: BigInt }
  input One @oneOf { a: Int b: String }`);
const [operation] = parse(
  'query ($tree: Tree, $list: [Tree!]!, $int: Int! = 3, $word: Word, $one: One, $id: ID!) { a }',
).definitions;
const definitions =
  operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
const isRight = compileVariableCheck(schema, definitions);
const names = [
  'name',
  'size',
  'words',
  'below',
  'id',
  'ratio',
  'flag',
  'big',
  'tree',
  'list',
  'int',
  'word',
  'one',
  'a',
];

const { value: anyValue } = letrec<{ value: unknown }>((tie) => ({
  value: oneof(
    { maxDepth: 4 },
    constant(null),
    boolean(),
    integer(),
    double(),
    constant('YES'),
    string({ maxLength: 3 }),
    array(tie('value'), { maxLength: 2 }),
    dictionary(oneof(...names.map((name) => constant(name))), tie('value'), { maxKeys: 5 }),
  ),
}));

test('what passes the quick check is never refused by graphql-js', () => {
  const given = dictionary(oneof(...names.map((name) => constant(name))), anyValue, { maxKeys: 6 });
  assert(
    property(given, (values) => {
      if (isRight(values))
        expect(getVariableValues(schema, definitions, { ...values }).errors).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
});

test('ordinary variables pass', () => {
  const tree = { flag: true, below: [{ flag: false, words: ['YES'] }, null], big: '12', ratio: 0.5, id: 7 };
  expect(isRight({ list: [tree], id: 'a', word: null })).toBe(true);
  expect(isRight({ list: tree, id: 'a' })).toBe(false);
  expect(isRight({ list: [{ ...tree, other: 1 }], id: 'a' })).toBe(false);
  expect(isRight({ list: [{ ...tree, flag: undefined }], id: 'a' })).toBe(false);
  expect(isRight({ list: [], id: 'a', int: null })).toBe(false);
});
