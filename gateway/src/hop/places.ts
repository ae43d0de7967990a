import { Kind, parse, type FieldNode, type SelectionSetNode } from 'graphql';

/** Errors that one failed hop may leave in a result: one for each field that it leaves empty, up to this. */
const maxPlaces = 20;

function responseName(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}

/** Names of the fields that a selection asks of an object of this type; the planner writes no nested conditions here. */
function fieldsFor(selectionSet: SelectionSetNode, typename: unknown): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD)
      return selection.name.value === '__typename' ? [] : [responseName(selection)];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    const condition = selection.typeCondition?.name.value;
    const meant = condition === undefined || typename === undefined || condition === typename;
    return meant ? fieldsFor(selection.selectionSet, typename) : [];
  });
}

/**
 * Where a subgraph's operation puts its results, as paths of that operation: an error at each tells the client which of
 * its fields are empty because of a failure. An entity's field is `['_entities', 0, 'donations']`; the executor turns that
 * into the client's path.
 */
export function placesOf(
  query: string,
  variables: Readonly<Record<string, unknown>> | undefined,
): (string | number)[][] {
  const definitions = parse(query, { noLocation: true }).definitions;
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const root = operation?.selectionSet;
  if (root === undefined) return [];
  const representations = variables?.['representations'];
  const [entities] = root.selections;
  if (
    !Array.isArray(representations) ||
    entities?.kind !== Kind.FIELD ||
    entities.selectionSet === undefined
  ) {
    return fieldsFor(root, undefined)
      .map((name) => [name])
      .slice(0, maxPlaces);
  }
  const { selectionSet } = entities;
  return representations
    .slice(0, maxPlaces)
    .flatMap((representation: { __typename?: unknown }, index) =>
      fieldsFor(selectionSet, representation.__typename).map((name) => ['_entities', index, name]),
    )
    .slice(0, maxPlaces);
}
