import type { ServerResponse } from 'node:http';
import type { AnswerType } from './media-type.ts';

/** One request while it is answered. */
export interface Exchange {
  readonly requestId: string;
  type: AnswerType;
  /** Headers of the answer, whatever it will be. */
  headers: Readonly<Record<string, string>>;
}

/** Writes the one answer of an exchange; `more` are headers of this answer alone. */
export function writeAnswer(
  response: ServerResponse,
  status: number,
  { type, headers }: Exchange,
  body: string,
  more: Iterable<readonly [string, string]>,
): void {
  response.writeHead(status, {
    ...headers,
    ...Object.fromEntries(more),
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
