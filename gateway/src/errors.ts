import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from '@banyan/kit/service';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** A request that the edge refuses before anything is executed. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    extensions: Readonly<Record<string, unknown>> & { readonly code: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.extensions = extensions;
    this.headers = headers;
  }
}

/** A request that cannot be read as a GraphQL request. */
export function badRequest(
  message: string,
  status = 400,
  headers: Readonly<Record<string, string>> = {},
): RequestRefused {
  return new RequestRefused(status, message, { code: 'BAD_REQUEST' }, headers);
}

/** The schema is not for this caller. */
export function schemaHidden(): RequestRefused {
  return new RequestRefused(403, 'The schema is not shown here; ask for fields that you know.', {
    code: 'FORBIDDEN',
    reason: 'INTROSPECTION',
  });
}

/** A subscription that came as if it had one answer. */
export function liveElsewhere(): RequestRefused {
  return badRequest(
    'A subscription has no one answer: send it to POST /graphql/stream (server-sent events) or over a WebSocket at /graphql.',
  );
}

/** Characters of a message that a client gets; graphql-js repeats a wrong value in full. */
const maxMessageCharacters = 1_000;

/** What is said of a failure that the client can neither understand nor mend. */
export const hiddenFailure = {
  message: 'Something went wrong here. It has been noted.',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
} as const;

/** Codes that speak of the machinery between the edge and its subgraphs. */
const hiddenCodes = new Set<unknown>([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'DOWNSTREAM_SERVICE_ERROR',
  'INVALID_GRAPHQL',
]);
/** Extensions that say how the graph is cut up or where the code stands. */
const hiddenExtensions = new Set(['serviceName', 'stacktrace', 'exception', 'http', 'classification']);

/** The extensions that a client may see. */
export function shownExtensions(extensions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => !hiddenExtensions.has(name)));
}

function shorten(message: string): string {
  return message.length <= maxMessageCharacters ? message : `${message.slice(0, maxMessageCharacters)}…`;
}

/** Gives every error of a result the one shape: message, place, `extensions.code`. What nobody meant to show is logged. */
export function createErrorFormatter(
  log: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    const code = formatted.extensions?.['code'];
    const original = unwrapResolverError(error);
    if (hiddenCodes.has(code) || !(original instanceof GraphQLError)) {
      log.error({ err: original, path: formatted.path }, 'an operation failed');
      return { ...place, message: hiddenFailure.message, extensions: { ...hiddenFailure.extensions } };
    }
    return {
      ...place,
      message: shorten(formatted.message),
      extensions: { code, ...shownExtensions(formatted.extensions ?? {}) },
    };
  };
}
