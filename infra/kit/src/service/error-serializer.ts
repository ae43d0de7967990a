import { pino } from 'pino';

/**
 * What of an error's own properties a log line may hold: what says which kind of failure it was. Everything else stays out,
 * because libraries hang on errors what they had at hand: PostgreSQL's `detail` is the row that it refused, pg's
 * `client` the whole connection, an HTTP client's `request` headers and body.
 */
const loggedProperties = [
  'code',
  'errno',
  'syscall',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'status',
  'problem',
  'field',
] as const;

/** An error as a log line holds it: type, message, stack with those of its causes, and what tells its kind. */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  const properties = error as unknown as Record<string, unknown>;
  const told = loggedProperties.flatMap((name) => {
    const value = properties[name];
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[name, value] as const] : [];
  });
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return {
    type,
    message,
    stack,
    ...Object.fromEntries(told),
    ...(parts.length > 0 && { aggregateErrors: parts.map(serializeError) }),
  };
}
