import type { IncomingMessage } from 'node:http';
import type { Route } from '@banyan/kit/service';

const allowedHeaders = [
  'accept-language',
  'apollo-require-preflight',
  'authorization',
  'banyan-cost',
  'banyan-deadline-ms',
  'content-type',
  'x-apollo-operation-name',
  'x-request-id',
];
const exposedHeaders = ['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'];
/** A browser may remember a preflight for so long; Chromium takes no more than two hours. */
const preflightSeconds = 7_200;

type Headers = Readonly<Record<string, string>>;
const none: Headers = {};

/** Which pages of other origins may ask. Cookies are never among it: callers are known by what a page adds itself. */
export interface Cors {
  /** For an answer; nothing for origins that are not on the list, so that a browser keeps it from the page. */
  headersFor(request: IncomingMessage): Headers;
  /** `OPTIONS /graphql`: what a browser asks before it lets a page ask. */
  preflight: Route;
}

/** @param origins such as `https://banyan.example`; exact, without a slash at the end. */
export function createCors(origins: readonly string[]): Cors {
  const byOrigin = new Map<string, Headers>(
    origins.map((origin) => [
      origin,
      {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': exposedHeaders.join(', '),
      },
    ]),
  );
  const headersFor = ({ headers: { origin } }: IncomingMessage) =>
    (origin === undefined ? undefined : byOrigin.get(origin)) ?? none;
  return {
    headersFor,
    preflight(request, response) {
      const allowed = headersFor(request);
      response.writeHead(204, {
        allow: 'GET, OPTIONS, POST',
        vary: 'origin, access-control-request-method, access-control-request-headers',
        ...allowed,
        ...(allowed !== none && {
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': allowedHeaders.join(', '),
          'access-control-max-age': String(preflightSeconds),
        }),
      });
      response.end();
    },
  };
}
