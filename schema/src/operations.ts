import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { SchemaFailure } from './schema-failure.ts';

function findProblems(api: ReturnType<typeof buildSchema>, text: string): readonly GraphQLError[] {
  try {
    return validate(api, parse(text));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/**
 * Checks the example operations against the API schema.
 * @throws SchemaFailure with what does not fit.
 */
export function checkOperations(folder: string, api: string): void {
  if (!existsSync(folder)) return;
  const schema = buildSchema(api);
  const problems = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .flatMap((file) =>
      findProblems(schema, readFileSync(join(folder, file), 'utf8')).map(
        (error) => `${file}: ${error.message}`,
      ),
    );
  if (problems.length > 0)
    throw new SchemaFailure('Some of schema/operations do not fit the API schema.', problems);
}
