import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

function parseBigInt(value: unknown): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) {
    throw invalid('BigInt takes a whole number as a string of digits, such as "1000".');
  }
  const parsed = BigInt(text);
  if (parsed < int64.least || parsed > int64.most) throw invalid('BigInt takes numbers of at most 64 bits.');
  return parsed;
}

/** A whole number of up to 64 bits; a string on the wire, since JSON numbers lose digits above 2^53. */
export const bigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description: 'Arbitrary-size integer, sent as a string.',
  serialize: (value) => {
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)))
      return String(value);
    return String(parseBigInt(value));
  },
  parseValue: parseBigInt,
  parseLiteral: (node: ValueNode) => {
    if (node.kind !== Kind.INT && node.kind !== Kind.STRING) throw invalid('BigInt takes a whole number.');
    return parseBigInt(node.value);
  },
});

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parseDateTime(value: unknown): Date {
  const date = typeof value === 'string' && instant.test(value) ? new Date(value) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw invalid('DateTime takes an RFC 3339 instant, such as "2026-01-31T08:00:00Z".');
  }
  return date;
}

/** An instant in RFC 3339 with milliseconds, in UTC. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value instanceof Date ? value : parseDateTime(value)).toISOString(),
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseDate(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const date = new Date(`${value}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)) return value;
  }
  throw invalid('Date takes a calendar day, such as "2026-01-31".');
}

/** A calendar day without a time zone, as text. */
export const dateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'Calendar day, YYYY-MM-DD.',
  serialize: parseDate,
  parseValue: parseDate,
  parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
});
