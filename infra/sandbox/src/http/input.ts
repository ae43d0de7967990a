import type { z } from 'zod';
import { Problem, type Call } from './reply.ts';

/** Parses a JSON body; what is wrong with it becomes a 400 that names the field. */
export function jsonBody<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = call.body.length === 0 ? {} : JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new Problem(400, 'INVALID_INPUT', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Problem(400, 'INVALID_INPUT', lines.join('; '));
}

/** The `Idempotency-Key` header: 1 to 64 visible ASCII characters. */
export function idempotencyKey(call: Call): string {
  const key = call.headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(key)) {
    throw new Problem(
      400,
      'INVALID_INPUT',
      'An Idempotency-Key header of 1 to 64 visible characters is needed.',
    );
  }
  return key;
}

/** A whole number from the query, `fallback` without one. */
export function wholeNumber(call: Call, name: string, fallback: number, max: number): number {
  const text = call.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value > max) {
    throw new Problem(400, 'INVALID_INPUT', `${name}: a whole number up to ${max}`);
  }
  return value;
}
