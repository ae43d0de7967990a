import {
  executeSync,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { JsonObject } from './json.ts';

const nothing: JsonObject = {};
const hasNone = new WeakSet<OperationDefinitionNode>();

/** The selections of the root that ask for the schema itself; whatever stands around them decides over them as before. */
function ofSchema(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionNode[] {
  return selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return isOfSchema(selection) ? [selection] : [];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const selections = ofSchema(fragment.selectionSet, fragments);
    if (selections.length === 0) return [];
    const { directives = [] } = selection;
    return [
      { kind: Kind.INLINE_FRAGMENT, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } },
    ];
  });
}

function isOfSchema({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** Answers `__schema` and `__type` of an operation from the schema that clients see; no subgraph is asked. */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Readonly<Record<string, unknown>>,
): JsonObject {
  if (hasNone.has(operation)) return nothing;
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  const selections = ofSchema(
    operation.selectionSet,
    new Map(fragments.map((each) => [each.name.value, each])),
  );
  if (selections.length === 0) {
    hasNone.add(operation);
    return nothing;
  }
  const asked: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const { data } = executeSync({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [asked, ...fragments] },
    variableValues,
  });
  return data ?? nothing;
}
