import {
  Kind,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
} from 'graphql';

/** Reads from a supergraph the names of fields that need fields of other subgraphs. */
export function findRequiringFields(supergraphSdl: string): Set<string> {
  const fields = supergraphSdl.matchAll(/^ {2}(\w+)[^\n]*@join__field\([^)\n]*requires: "/gm);
  return new Set([...fields].map(([, name = '']) => name));
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

/**
 * Whether a plan for all outcomes of the conditions would be wrong: the planner forgets what a field requires where a variable
 * leaves it out, and what else is asked of the same entity would stay null without an error. Such operations are planned for
 * each outcome.
 */
export function needsPlanPerOutcome(document: DocumentNode, requiringFields: ReadonlySet<string>): boolean {
  let hasConditions = false;
  let asksRequiring = false;
  visit(document, {
    Directive: (directive) => {
      if (isCondition(directive) && directive.arguments?.[0]?.value.kind === Kind.VARIABLE)
        hasConditions = true;
    },
    Field: ({ name }: FieldNode) => {
      if (requiringFields.has(name.value)) asksRequiring = true;
    },
  });
  return hasConditions && asksRequiring;
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The document of one outcome of its conditions: without what they leave out, and without them. */
export function decideConditions(
  document: DocumentNode,
  isTrue: (variable: string) => boolean,
): DocumentNode {
  const isHolding = (directive: DirectiveNode): boolean => {
    const value = directive.arguments?.[0]?.value;
    const decided =
      value?.kind === Kind.VARIABLE ? isTrue(value.name.value) : value?.kind === Kind.BOOLEAN && value.value;
    return decided === (directive.name.value === 'include');
  };
  const decide = <Selection extends SelectionNode>(selection: Selection): Selection | null => {
    const directives = selection.directives ?? [];
    if (!directives.filter(isCondition).every(isHolding)) return null;
    return { ...selection, directives: directives.filter((directive) => !isCondition(directive)) };
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
