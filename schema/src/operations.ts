import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  GraphQLError,
  Kind,
  parse,
  print,
  validate,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql';
import { SchemaFailure } from './schema-failure.ts';

/** An operation of Banyan's own clients. */
export interface Operation {
  name: string;
  type: OperationTypeNode;
  /** As clients send it: printed by graphql-js, without comments. */
  body: string;
}

function read(schema: GraphQLSchema, text: string): Operation {
  const document = parse(text);
  const [error] = validate(schema, document);
  if (error !== undefined) throw error;
  const [operation, ...others] = document.definitions.filter(
    (each) => each.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.name === undefined || others.length > 0)
    throw new GraphQLError('A file takes one operation, with a name.');
  return { name: operation.name.value, type: operation.operation, body: print(document) };
}

/**
 * The operations of a folder, by name. They are what everybody's clients ask for, so each must fit the public contract.
 * @throws SchemaFailure with what does not fit.
 */
export function readOperations(folder: string, publicApi: string): Operation[] {
  if (!existsSync(folder)) return [];
  const schema = buildSchema(publicApi);
  const operations = new Map<string, Operation>();
  const problems: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql'))) {
    try {
      const operation = read(schema, readFileSync(join(folder, file), 'utf8'));
      if (operations.has(operation.name))
        throw new GraphQLError(`There is another operation "${operation.name}".`);
      operations.set(operation.name, operation);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      problems.push(`${file}: ${error.message}`);
    }
  }
  if (problems.length > 0)
    throw new SchemaFailure('Some of schema/operations do not fit the public contract.', problems.sort());
  return [...operations.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
