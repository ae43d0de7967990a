import { Kind, visit, type DirectiveNode, type DocumentNode, type SelectionNode } from 'graphql';

/** Tells what a variable of a condition is in one request. */
export type IsTrue = (variable: string) => boolean;

/** Whether a directive decides if something is asked for. */
export function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

/** Names of the variables that decide over `@skip` and `@include`. */
export function conditionVariables(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      const value = directive.arguments?.[0]?.value;
      if (isCondition(directive) && value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return names;
}

/** Whether a selection is asked for in one request. */
export function isIncluded({ directives }: SelectionNode, isTrue: IsTrue): boolean {
  return (directives ?? []).filter(isCondition).every((directive) => {
    const value = directive.arguments?.[0]?.value;
    const decided =
      value?.kind === Kind.VARIABLE ? isTrue(value.name.value) : value?.kind === Kind.BOOLEAN && value.value;
    return decided === (directive.name.value === 'include');
  });
}
