/** What a code in `extensions.code` tells a client. */
interface ErrorCode {
  /** HTTP status where the whole request failed so; null where it stands beside data or in a field. */
  readonly status: string | null;
  readonly means: string;
  readonly todo: string;
}

/**
 * Every `extensions.code` that the graph may answer with, from the edge or from a subgraph. What a person can put right
 * (an amount too high, a campaign that has ended) is no error: it stands in `userErrors` of a payload, with codes of its
 * own in the schema. `docs/limits.md` holds this as a table.
 */
export const errorCodes = {
  BAD_REQUEST: {
    status: '400, 405, 406, 415',
    means: 'The request cannot be read as GraphQL over HTTP.',
    todo: 'Mend the client.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: '400 (1)',
    means: 'The document is not GraphQL.',
    todo: 'Mend the operation.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: '400 (1)',
    means: 'The schema has no such field, argument or type, or not for this caller.',
    todo: 'Mend the operation.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: '400 (1)',
    means: 'It is not clear which operation of the document to run.',
    todo: 'Give `operationName`.',
  },
  BAD_USER_INPUT: {
    status: '400 (1)',
    means: 'A variable or an argument is wrong.',
    todo: 'Mend the value; the message says which.',
  },
  INVALID_INPUT: {
    status: null,
    means: 'An argument of a query breaks a rule of its field; of a change this stands in `userErrors`.',
    todo: 'Mend the value; the message says how.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: '200',
    means: 'The edge does not know the document of this hash.',
    todo: 'Send the document with its hash once.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: '200',
    means: 'Documents cannot be registered here.',
    todo: 'Send the document, or one of the manifest.',
  },
  PERSISTED_OPERATION_REQUIRED: {
    status: '403',
    means: 'Only operations of the manifest are run.',
    todo: 'Add the operation to the manifest.',
  },
  LIMIT_EXCEEDED: {
    status: '400, 413, 429',
    means:
      'The operation asks for more than `limit` allows, which is `max`; of cost, `requested` is what it may cost.',
    todo: 'Ask for less; it is refused again as it is.',
  },
  RATE_LIMITED: {
    status: '429',
    means: 'The budget `policy` of the caller is used up.',
    todo: 'Wait `retryAfterSeconds`, then repeat.',
  },
  UNAUTHENTICATED: {
    status: '401',
    means: 'Nobody is signed in, or the token or key is not valid; `reason` says why.',
    todo: 'Renew the token (`TOKEN_EXPIRED`) or sign in.',
  },
  FORBIDDEN: {
    status: '403',
    means: 'The caller may not see or do this.',
    todo: 'Do not repeat it.',
  },
  NOT_FOUND: {
    status: '404',
    means: 'There is no such thing, or none that the caller may see.',
    todo: 'Do not repeat it.',
  },
  METHOD_NOT_ALLOWED: {
    status: '405',
    means: 'The address takes another method.',
    todo: 'Mend the client.',
  },
  BODY_TOO_LARGE: {
    status: '413',
    means: 'The body is larger than the address takes.',
    todo: 'Send less.',
  },
  OUTCOME_UNKNOWN: {
    status: null,
    means: 'It is not known whether a mutation took effect.',
    todo: 'Repeat it with the same idempotency key, or ask `donationByKey`.',
  },
  DEADLINE_EXCEEDED: {
    status: null,
    means: 'The answer did not come in time.',
    todo: 'Repeat it, with a longer `banyan-deadline-ms` if there was one.',
  },
  SUBGRAPH_UNAVAILABLE: {
    status: '503',
    means: 'A part of the graph is away; the rest of the answer is right.',
    todo: 'Show the rest; repeat it after a while.',
  },
  OVERLOADED: {
    status: '503',
    means: 'There is more to do than can be done.',
    todo: 'Wait `retryAfterSeconds`, then repeat.',
  },
  INTERNAL_SERVER_ERROR: {
    status: '500',
    means: 'Something went wrong in Banyan, and has been noted.',
    todo: 'Tell us the `x-request-id` of the answer.',
  },
} as const satisfies Readonly<Record<string, ErrorCode>>;

/** The codes as a table of Markdown. */
export function errorCodeTable(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, means, todo }]) => `| \`${code}\` | ${status ?? 'in a field'} | ${means} | ${todo} |`,
  );
  return ['| code | status | means | what to do |', '|---|---|---|---|', ...rows].join('\n');
}
