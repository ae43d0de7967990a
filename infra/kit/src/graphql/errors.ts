import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from '../service/logger.ts';
import { isDatabaseAway } from '../database/database-away.ts';
import { InvalidCursor } from '../database/keyset-cursor.ts';
import { OperationOver } from '../database/operation-scope.ts';
import { Refusal } from './refusal.ts';

/** An error that the client may see: its message, its code, and further extensions. */
export function shownError(
  code: string,
  message: string,
  extensions: Record<string, unknown> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** The caller is not signed in. */
export function unauthenticated(): GraphQLError {
  return shownError('UNAUTHENTICATED', 'Sign in first.');
}

/** The caller is signed in, and may not. */
export function forbidden(): GraphQLError {
  return shownError('FORBIDDEN', 'You may not see or do this.');
}

/** What a resolver says that cannot reach its database. */
const databaseAway = {
  message: 'This part of the graph is not available at the moment.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
};

/**
 * The code of an error. What a scalar says of a literal keeps its own: Apollo Server makes a fault of the document of it, which
 * at a subgraph is one of the edge, when it is a value that a client may mend.
 */
function codeOf({ extensions }: GraphQLFormattedError, error: unknown): unknown {
  const code = extensions?.['code'];
  if (code !== 'GRAPHQL_VALIDATION_FAILED' || !(error instanceof GraphQLError)) return code;
  const { originalError } = error;
  return originalError instanceof GraphQLError ? (originalError.extensions['code'] ?? code) : code;
}

/**
 * Lets through what was meant for the client (a `GraphQLError` with a code of its own, and what graphql-js says of a wrong
 * operation), says of a database that is away that this part of the graph is, and replaces everything else, after it was logged.
 */
export function createErrorFormatter(
  log: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const original = unwrapResolverError(error);
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    if (original instanceof Refusal) {
      const [first] = original.items;
      return {
        ...place,
        message: first?.wording.en ?? 'Refused.',
        extensions: { code: first?.code ?? 'INVALID_INPUT' },
      };
    }
    if (original instanceof OperationOver) {
      return { ...place, message: original.message, extensions: { code: 'DEADLINE_EXCEEDED' } };
    }
    if (original instanceof InvalidCursor) {
      return {
        ...place,
        message: '"after" is not a cursor of this list.',
        extensions: { code: 'BAD_USER_INPUT' },
      };
    }
    const { code: _code, stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
    const code = codeOf(formatted, error);
    const meant = original instanceof GraphQLError && code !== undefined && code !== 'INTERNAL_SERVER_ERROR';
    if (meant) return { ...place, message: formatted.message, extensions: { code, ...extensions } };
    log.error({ err: original, path: formatted.path }, 'a resolver failed');
    if (isDatabaseAway(original)) return { ...place, ...databaseAway };
    return {
      ...place,
      message: 'Something went wrong here. It has been noted.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}
