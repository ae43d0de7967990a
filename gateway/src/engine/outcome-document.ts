import { Kind, visit, type DocumentNode, type FieldNode, type SelectionNode } from 'graphql';
import { conditionVariables, isCondition, isIncluded, type IsTrue } from './conditions.ts';

/** Reads from a supergraph the names of fields that need fields of other subgraphs. */
export function findRequiringFields(supergraphSdl: string): Set<string> {
  const fields = supergraphSdl.matchAll(/^ {2}(\w+)[^\n]*@join__field\([^)\n]*requires: "/gm);
  return new Set([...fields].map(([, name = '']) => name));
}

/**
 * Whether a plan for all outcomes of the conditions would be wrong: the planner forgets what a field requires where a variable
 * leaves it out, and what else is asked of the same entity would stay null without an error. Such operations are planned for
 * each outcome.
 */
export function needsPlanPerOutcome(document: DocumentNode, requiringFields: ReadonlySet<string>): boolean {
  if (conditionVariables(document).size === 0) return false;
  let asksRequiring = false;
  visit(document, {
    Field: ({ name }) => {
      if (requiringFields.has(name.value)) asksRequiring = true;
    },
  });
  return asksRequiring;
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The document of one outcome of its conditions: without what they leave out, and without them. */
export function decideConditions(document: DocumentNode, isTrue: IsTrue): DocumentNode {
  const decide = <Selection extends SelectionNode>(selection: Selection): Selection | null => {
    if (!isIncluded(selection, isTrue)) return null;
    return { ...selection, directives: selection.directives?.filter((directive) => !isCondition(directive)) };
  };
  return visit(document, {
    Field: decide,
    InlineFragment: decide,
    FragmentSpread: decide,
    SelectionSet: {
      // An object of which nothing is asked is still there.
      leave: (set) => (set.selections.length === 0 ? { ...set, selections: [typename] } : undefined),
    },
  });
}
