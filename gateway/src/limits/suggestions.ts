import type { GraphQLFormattedError } from 'graphql';

/** From here on graphql-js offers names of the schema that are like the one that was given. */
const suggestion = / ?Did you mean [^]*$/;

/** An error without the names of the schema that its author did not say. */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  if (!suggestion.test(error.message)) return error;
  return { ...error, message: error.message.replace(suggestion, '') };
}
