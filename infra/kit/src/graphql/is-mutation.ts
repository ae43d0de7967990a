import { getOperationAST, GraphQLError, OperationTypeNode, parse } from 'graphql';

/** A document whose first operation is a mutation, with the name of that. */
const beginsWithMutation = /^mutation\b ?(\w*)/;

function isMutationWhenParsed(query: string, operationName: string | undefined): boolean {
  try {
    const document = parse(query, { noLocation: true });
    return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // What is no document is not run.
    return false;
  }
}

/**
 * Whether an operation is a mutation, told from the text before anything is parsed. What the edge sends is known by its first
 * word or by having no such word at all; only a text that speaks of mutations elsewhere (in the name of a field, in a
 * comment, behind a fragment) is parsed for it.
 */
export function isMutation({
  query,
  operationName,
}: {
  readonly query: string;
  readonly operationName: string | undefined;
}): boolean {
  if (!query.includes('mutation')) return false;
  const first = beginsWithMutation.exec(query);
  if (first !== null && (operationName === undefined || operationName === first[1])) return true;
  return isMutationWhenParsed(query, operationName);
}
