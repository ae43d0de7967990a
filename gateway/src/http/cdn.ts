import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../graph/run-operation.ts';
import { writeAnswer, type Exchange } from './exchange.ts';

/** How long a proxy may go on with an old answer while it fetches the new one. */
const staleSeconds = 10;

/**
 * How many seconds a proxy may keep the answer to a GET, 0 for not at all: what is the same for everybody, for as long as
 * all that it consists of may be as old as it is, and at most `maxSeconds`, since no event takes it back out of a proxy.
 */
export function keepSeconds({ status, sharedUntilMs }: Answer, maxSeconds: number): number {
  if (status !== 200 || sharedUntilMs === undefined) return 0;
  return Math.max(0, Math.min(maxSeconds, Math.floor((sharedUntilMs - Date.now()) / 1_000)));
}

/** Names one body in one media type (RFC 9110, 8.8.3). */
function etagOf(body: string, type: string): string {
  return `"${hash('sha256', `${type}\n${body}`, 'base64url').slice(0, 27)}"`;
}

/** Whether the client has this very answer (RFC 9110, 13.1.2: weak comparison, since proxies that compress weaken tags). */
function hasIt(request: IncomingMessage, etag: string): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  return known.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
}

/** What is said to one caller, and would be said to all others by a proxy. */
function withoutOwn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name !== 'x-request-id' && !name.toLowerCase().startsWith('ratelimit'),
    ),
  );
}

/** Answers a GET with what proxies may keep; with 304 and nothing where the client has it. */
export function writeForProxies(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  { body }: Answer,
  seconds: number,
): void {
  const etag = etagOf(body, exchange.type);
  const headers = {
    ...withoutOwn(exchange.headers),
    'cache-control': `public, max-age=${seconds}, stale-while-revalidate=${staleSeconds}`,
    etag,
  };
  if (hasIt(request, etag)) response.writeHead(304, headers).end();
  else writeAnswer(response, 200, { ...exchange, headers }, body, []);
}
