import fc from 'fast-check';
import {
  buildSchema,
  execute,
  GraphQLError,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLOutputType,
} from 'graphql';
import { expect, test } from 'vitest';
import { compileOperation } from '../src/graphql/execution/compiled-operation.ts';

const runs = Number(process.env['EXECUTION_OPERATIONS'] ?? 400);

const schema = buildSchema(`
  type Query { thing(where: Where): Thing  must: Thing!  things(first: Int! = 2): [Thing!]!  grid: [[Thing]!]
    some: [Some]  named(name: String): Named  hello: String }
  type Mutation { first(n: Int): Thing  second: Thing!  third: Int }
  input Where { color: Color = RED  tags: [String!] }
  interface Named { name: String! }
  type Thing implements Named { name: String!  note: String  color: Color  count: Int  child: Thing  mustChild: Thing!
    list: [Thing]  echo(text: String = "-", n: Int, where: Where): String  some: Some!  plain: Plain }
  type Plain implements Named { name: String!  flag: Boolean }
  union Some = Thing | Plain
  enum Color { RED BLUE }`);

/** A number that is always the same for the same text. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (value ^ (value >>> 13)) >>> 0;
}

interface World {
  seed: number;
  /** Of a hundred values, how many are missing, wrong or refused. */
  faults: number;
  /** Whether some values come later. */
  isSlow: boolean;
}

/** A value for a type, or what else resolvers give: nothing, an error, something of another type. */
function make(type: GraphQLOutputType, place: string, world: World): unknown {
  const roll = hash(`${world.seed} ${place}`);
  if (roll % 100 < world.faults) {
    const faults = [null, undefined, new Error(`wrong at ${place}`), 'text', Number.NaN];
    return faults[roll % faults.length];
  }
  if (isNonNullType(type)) return make(type.ofType, place, world);
  if (isListType(type)) {
    const { ofType } = type;
    return Array.from({ length: roll % 4 }, (_element, index) => {
      const element = () => make(ofType, `${place}.${index}`, world);
      // Where an element fails at once beside one that fails later, graphql-js leaves the later failure to nobody.
      return world.isSlow ? Promise.resolve().then(element) : element();
    });
  }
  if (isUnionType(type) || isInterfaceType(type)) return { __typename: roll % 2 === 0 ? 'Thing' : 'Plain' };
  if (isObjectType(type)) return { name: `property of ${place}`, note: () => `called at ${place}` };
  return { Int: roll % 1_000, Boolean: roll % 2 === 0, Color: 'RED' }[type.name] ?? `text of ${place}`;
}

/** Gives it at once, or later. */
function soon(place: string, world: World, value: () => unknown): unknown {
  const roll = hash(`${place} ${world.seed}`) % 4;
  return roll < 2 || !world.isSlow ? value() : Promise.resolve().then(value);
}

for (const type of Object.values(schema.getTypeMap())) {
  if (!isObjectType(type) || type.name.startsWith('__')) continue;
  for (const field of Object.values(type.getFields())) {
    // These two are read from the object.
    if (field.name === 'name' || field.name === 'note') continue;
    field.resolve = (_source, given, world: World, info) => {
      let place = '';
      for (let path: typeof info.path | undefined = info.path; path; path = path.prev)
        place = `${path.key}/${place}`;
      place += JSON.stringify(given) + info.fieldNodes.length;
      return soon(place, world, () => {
        if (hash(`${place} throws ${world.seed}`) % 100 < world.faults)
          throw new GraphQLError(`refused at ${place}`, { extensions: { code: 'FORBIDDEN' } });
        return make(field.type, place, world);
      });
    };
  }
}
const thing = schema.getType('Thing');
if (isObjectType(thing)) thing.isTypeOf = (value) => typeof value === 'object';

const { letrec, constantFrom, array, tuple, record, integer } = fc;
const joined = (...parts: fc.Arbitrary<string>[]) => tuple(...parts).map((texts) => texts.join(' '));
const condition = constantFrom(
  '',
  '',
  '',
  '@include(if: $yes)',
  '@skip(if: $no)',
  '@include(if: $no)',
  '@skip(if: true)',
);
const braced = (selections: fc.Arbitrary<string>) =>
  array(selections, { minLength: 1, maxLength: 5 }).map((each) => `{ ${each.join(' ')} }`);
const { thingSet, someSet } = letrec<Record<'thingSet' | 'someSet' | 'plainSet', string>>((tie) => ({
  plainSet: braced(joined(constantFrom('name', 'flag', 'named: name', '__typename'), condition)),
  thingSet: braced(
    fc.oneof(
      joined(constantFrom('name', 'note', 'a: note', 'color', 'count', 'type: __typename'), condition),
      joined(
        constantFrom(
          'echo',
          'b: echo(text: $text, n: 2)',
          'c: echo(where: { tags: "one" })',
          'd: echo(where: $where)',
        ),
        condition,
      ),
      joined(constantFrom('child', 'mustChild', 'list', 'e: list'), condition, tie('thingSet')),
      joined(constantFrom('some', 'f: some'), condition, tie('someSet')),
      joined(constantFrom('plain'), tie('plainSet')),
      joined(constantFrom('... on Thing', '... on Named { name } ...'), condition, tie('thingSet')),
      joined(constantFrom('...Parts'), condition),
    ),
  ),
  someSet: joined(
    constantFrom('{ __typename ... on Thing'),
    condition,
    tie('thingSet'),
    constantFrom('... on Plain'),
    tie('plainSet'),
    constantFrom('}'),
  ),
}));
const queryField = fc.oneof(
  joined(
    constantFrom('thing', 'must', 'things', 'g: things(first: $count)', 'grid', 'h: thing(where: $where)'),
    condition,
    thingSet,
  ),
  joined(constantFrom('some', 'i: named(name: $text)', 'named'), someSet),
);
const mutationField = joined(constantFrom('first', 'second', 'j: first(n: $count)'), thingSet);
const operation = tuple(
  array(queryField, { minLength: 1, maxLength: 3 }),
  array(mutationField, { minLength: 1, maxLength: 3 }),
  thingSet,
  constantFrom('query', 'query', 'mutation'),
).map(([queries, mutations, parts, kind]) => {
  const selections = kind === 'query' ? queries : mutations;
  const variables = '$yes: Boolean = true, $no: Boolean!, $text: String, $count: Int! = 1, $where: Where';
  return `${kind} Made(${variables}) { ${selections.join(' ')} __typename }
    fragment Parts on Thing ${parts.replaceAll('...Parts', 'name')}`;
});
const variables = record(
  {
    no: fc.boolean(),
    yes: constantFrom(true, true, false, null),
    text: constantFrom('given', null),
    count: integer({ min: 0, max: 3 }),
    where: constantFrom({}, { color: 'BLUE' }, { tags: ['x', 'y'] }),
  },
  { requiredKeys: ['no'] },
);

/** The place that an error has made null: at its path, or above. */
function nulledPlace(data: unknown, path: readonly (string | number)[] = []): string {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth).join('.');
    value = (value as Record<string | number, unknown>)[key];
  }
  return path.join('.');
}

/**
 * What a client sees. Of several errors that make the same place null the first is told, and which one comes first among those
 * that come later is up to the executor.
 */
function shown({ data, errors = [] }: ExecutionResult, { isSlow }: World): unknown {
  const told = errors.map(({ path = [], extensions }) =>
    isSlow ? nulledPlace(data, path) : `${path.join('.')} ${String(extensions['code'])}`,
  );
  return { data, errors: [...new Set(told)].toSorted() };
}

test(`${runs} made-up operations give what graphql-js gives`, async () => {
  const compared = { fine: 0, withErrors: 0 };
  const world = record({ seed: integer(), faults: constantFrom(0, 3, 15), isSlow: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(operation, variables, world, async (query, given, contextValue) => {
      const document = parse(query);
      const wrong = validate(schema, document).filter(({ message }) => !message.includes('never used'));
      expect(wrong).toEqual([]);
      const variableValues = { ...given };
      const expected = await execute({ schema, document, contextValue, variableValues });
      const run = compileOperation(schema, document, 'Made');
      // What the first run has compiled serves the second.
      for (const result of [await run(contextValue, given), await run(contextValue, given)]) {
        expect(shown(result, contextValue)).toEqual(shown(expected, contextValue));
        expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
      }
      compared[expected.errors === undefined ? 'fine' : 'withErrors'] += 1;
    }),
    { numRuns: runs },
  );
  expect(compared.fine).toBeGreaterThan(runs / 5);
  expect(compared.withErrors).toBeGreaterThan(runs / 5);
});

test('wrong variables are told of in the words of graphql-js', async () => {
  const document = parse('query ($where: Where) { thing(where: $where) { count } }');
  const variableValues = { where: { color: 'GREEN', size: 3 } };
  const expected = await execute({ schema, document, variableValues });
  const result = await compileOperation(schema, document, undefined)({}, variableValues);
  expect(result.errors?.map(String)).toEqual(expected.errors?.map(String));
  expect(result).not.toHaveProperty('data');
});

test('an element that fails later, beside one that failed at once, leaves no rejection to nobody', async () => {
  const later = buildSchema('type Query { list: [Int!] }');
  const field = later.getQueryType()?.getFields()['list'];
  if (field === undefined) throw new Error('There is no such field.');
  field.resolve = () => [Promise.reject(new Error('later')), null];
  const result = await compileOperation(later, parse('{ list }'), undefined)({}, {});
  expect(result.data).toEqual({ list: null });
  expect(result.errors).toHaveLength(1);
});

test('fields of a query run side by side, those of a mutation one after the other', async () => {
  const pair = buildSchema(
    'type Query { first: String  second: String } type Mutation { first: String  second: String }',
  );
  const order: string[] = [];
  const secondBegan = Promise.withResolvers<void>();
  for (const root of [pair.getQueryType(), pair.getMutationType()]) {
    const { first, second } = root?.getFields() ?? {};
    if (first === undefined || second === undefined) throw new Error('There are no such fields.');
    first.resolve = async () => {
      if (root === pair.getQueryType()) await secondBegan.promise;
      else await new Promise(setImmediate);
      order.push('first is done');
    };
    second.resolve = () => {
      order.push('second begins');
      secondBegan.resolve();
    };
  }
  await compileOperation(pair, parse('{ first second }'), undefined)({}, {});
  await compileOperation(pair, parse('mutation { first second }'), undefined)({}, {});
  expect(order).toEqual(['second begins', 'first is done', 'first is done', 'second begins']);
});

test('a resolver that changes its arguments changes nobody else’s', async () => {
  const echo = buildSchema('type Query { echo(fixed: Int, given: Int): String }');
  const field = echo.getQueryType()?.getFields()['echo'];
  if (field === undefined) throw new Error('There is no such field.');
  field.resolve = (_source, given: Record<string, unknown>) => {
    const text = JSON.stringify(given);
    given['fixed'] = given['given'] = 'changed';
    return text;
  };
  const document = parse('query ($n: Int) { a: echo(fixed: 1) b: echo(given: $n) }');
  const run = compileOperation(echo, document, undefined);
  const data = { a: '{"fixed":1}', b: '{"given":2}' };
  expect((await run({}, { n: 2 })).data).toEqual(data);
  expect((await run({}, { n: 2 })).data).toEqual(data);
});
