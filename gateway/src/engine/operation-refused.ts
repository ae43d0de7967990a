import {
  GraphQLError,
  visit,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** An operation that the engine does not take, for a reason that its author can mend. */
export class OperationRefused extends GraphQLError {
  override readonly name = 'OperationRefused';
  constructor(message: string, code = 'BAD_USER_INPUT') {
    super(message, { extensions: { code } });
  }
}

/**
 * The type at the root of an operation. Validation lets an operation pass whose kind the client's part of the graph does not
 * have: no rule looks there.
 * @throws OperationRefused when the schema has none.
 */
export function requireRoot(
  schema: GraphQLSchema,
  { operation }: OperationDefinitionNode,
): GraphQLObjectType {
  const root = schema.getRootType(operation);
  if (root == null)
    throw new OperationRefused(
      `Schema is not configured to execute ${operation} operation.`,
      'GRAPHQL_VALIDATION_FAILED',
    );
  return root;
}

/** @throws OperationRefused for names that the edge or the language itself has taken. */
export function refuseReservedNames(document: DocumentNode, definition: OperationDefinitionNode): void {
  for (const { variable } of definition.variableDefinitions ?? []) {
    if (variable.name.value === 'representations')
      throw new OperationRefused('A variable may not be called "representations" here; choose another name.');
  }
  visit(document, {
    Field: ({ alias }) => {
      if (alias?.value === '__proto__')
        throw new OperationRefused('A field may not be called "__proto__"; choose another alias.');
    },
  });
}
