import { array, assert, constant, letrec, oneof, property, tuple, type Arbitrary } from 'fast-check';
import { Kind, parse, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { expect, test } from 'vitest';
import { createMeasurer, type Measure } from '../src/limits/measure.ts';

interface Nodes {
  selections: string;
  selection: string;
}

const fragmentCount = 4;

/** Selections that may spread the fragments from `from` on, so that no fragment comes back to itself. */
function selectionsFrom(from: number): Arbitrary<string> {
  const spreads = Array.from({ length: fragmentCount - from }, (_item, index) =>
    constant(`...f${from + index} @include(if: true)`),
  );
  return letrec<Nodes>((tie) => ({
    selections: array(tie('selection'), { minLength: 1, maxLength: 3 }).map(
      (parts) => `{ ${parts.join(' ')} }`,
    ),
    selection: oneof(
      { maxDepth: 3 },
      constant('a'),
      constant('b: a @skip(if: false)'),
      ...spreads,
      (tie('selections') as Arbitrary<string>).map((inner) => `a ${inner}`),
      (tie('selections') as Arbitrary<string>).map((inner) => `... on T @include(if: true) ${inner}`),
    ),
  })).selections;
}

const documents = tuple(
  selectionsFrom(0),
  ...Array.from({ length: fragmentCount }, (_item, index) => selectionsFrom(index + 1)),
).map(([operation, ...fragments]) =>
  [operation, ...fragments.map((selections, index) => `fragment f${index} on T @x ${selections}`)].join(' '),
);

function fragmentsOf(text: string) {
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: SelectionSetNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition.selectionSet;
  }
  if (operation === undefined) throw new Error('There is no operation.');
  return { fragments, operation };
}

/** The same figures, by writing every fragment out. */
function expand(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Measure {
  const sum: Measure = { depth: 0, fields: 0, aliases: 0, directives: 0, topFields: 0 };
  for (const selection of selectionSet.selections) {
    sum.directives += selection.directives?.length ?? 0;
    const isField = selection.kind === Kind.FIELD;
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : undefined;
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragment?.selectionSet : selection.selectionSet;
    sum.directives += fragment?.directives?.length ?? 0;
    if (isField) {
      sum.fields += 1;
      sum.topFields += 1;
      sum.aliases += selection.alias === undefined ? 0 : 1;
      sum.depth = Math.max(sum.depth, 1);
    }
    if (inner === undefined) continue;
    const below = expand(inner, fragments);
    sum.fields += below.fields;
    sum.aliases += below.aliases;
    sum.directives += below.directives;
    sum.topFields += isField ? 0 : below.topFields;
    sum.depth = Math.max(sum.depth, below.depth + (isField ? 1 : 0));
  }
  return sum;
}

test('a document measures what it would with every fragment written out', () => {
  assert(
    property(documents, (text) => {
      const { fragments, operation } = fragmentsOf(text);
      expect(createMeasurer(fragments, () => undefined)(operation)).toEqual(expand(operation, fragments));
    }),
    { numRuns: 500 },
  );
});

test('every fragment is looked at once, however often it is spread', () => {
  const { fragments, operation } = fragmentsOf(
    '{ ...f ...f ...f a { ...f } } fragment f on T { x y { ...f } }',
  );
  const seen: string[] = [];
  createMeasurer(fragments, (field) => seen.push(field.name.value))(operation);
  expect(seen).toEqual(['x', 'y', 'a']);
});
