import type { ServerResponse } from 'node:http';
import type { Caller } from '@banyan/kit/hop';
import type { RequestRefused } from '../errors.ts';
import type { AnswerType } from './media-type.ts';

/** One request while it is answered. */
export interface Exchange {
  readonly requestId: string;
  /** Undefined until it is known who asks. */
  caller?: Caller;
  /** Whether the caller has been charged for it. */
  isCharged?: boolean;
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

/** Answers an exchange with what it was refused for. */
export function writeRefusal(response: ServerResponse, exchange: Exchange, refusal: RequestRefused): void {
  const { status, message, extensions, headers } = refusal;
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  writeAnswer(response, status, exchange, body, Object.entries(headers));
}
