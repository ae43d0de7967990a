import { createHash } from 'node:crypto';
import type { Edge } from './edge.ts';

/** The id of an operation: the SHA-256 of its text. */
export const idOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** What Apollo's clients send in `extensions` in place of the text, or beside it. */
export const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: idOf(text) } });

export const greet = 'query Greet($name: String) {\n  hello(name: $name)\n}';
export const stray = 'query Stray { items(first: 1) { name } }';

/** Sends a body by POST, with or without a text. */
export function post(edge: Edge, body: object, headers: Record<string, string> = {}) {
  return edge.send({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Sends the same by GET. */
export function get(edge: Edge, parameters: Record<string, string>) {
  return edge.send({
    path: `/graphql?${new URLSearchParams(parameters).toString()}`,
    headers: { 'apollo-require-preflight': 'true' },
  });
}
