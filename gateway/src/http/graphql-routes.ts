import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { Logger, Route } from '@banyan/kit/service';
import type { EdgeContext } from '../context.ts';
import { badRequest, RequestRefused } from '../errors.ts';
import type { AccessTokenVerifier } from '../identity/access-token.ts';
import { identify } from '../identity/bearer.ts';
import { createRequestCheck } from '../limits/check-document.ts';
import type { Limits } from '../limits/limits.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { pickAnswerType, type AnswerType } from './media-type.ts';
import { readGet, readPost, type GraphqlRequest } from './read-request.ts';
import { deadlineOf, languageOf, requestIdOf } from './request-headers.ts';

export interface GraphqlRoutesOptions {
  apollo: ApolloServer<EdgeContext>;
  tokens: AccessTokenVerifier;
  limits: Limits;
  maxDeadlineMs: number;
  metrics: EdgeMetrics;
  log: Logger;
}

/** A browser asks before it sends one of these to a foreign origin; a link, an image or a form cannot send them at all. */
const preflightHeaders = ['apollo-require-preflight', 'x-apollo-operation-name', 'authorization'];
const alwaysSent = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  vary: 'accept, accept-language, authorization',
};

const acceptOf: Readonly<Record<AnswerType, HeaderMap>> = {
  'application/json': new HeaderMap([['accept', 'application/json']]),
  'application/graphql-response+json': new HeaderMap([['accept', 'application/graphql-response+json']]),
};

/**
 * GraphQL over HTTP: an operation that cannot be parsed, is not valid or has wrong variables is 400, but 200 for a client
 * that takes `application/json` alone, which cannot tell our 400 from a proxy's. What the edge refuses to protect itself
 * (limits, tokens, overload) has its own status for both: proxies and meters are to see it.
 */
function statusOf(status: number | undefined, type: AnswerType): number {
  return status === 400 && type === 'application/json' ? 200 : (status ?? 200);
}

/** @throws RequestRefused 400 for a GET that a foreign page could make a browser send. */
function requirePreflight(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type?.toLowerCase().startsWith('application/json') === true) return;
  if (preflightHeaders.some((name) => request.headers[name] !== undefined)) return;
  throw badRequest(
    `A GET needs the header content-type: application/json, or one of ${preflightHeaders.join(', ')}.`,
  );
}

function write(
  response: ServerResponse,
  status: number,
  type: AnswerType,
  body: string,
  headers: Iterable<readonly [string, string]>,
): void {
  response.writeHead(status, {
    ...alwaysSent,
    ...Object.fromEntries(headers),
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** `POST /graphql` and, for queries, `GET /graphql`: from bytes to an operation that is within the limits, and back. */
export function createGraphqlRoutes(options: GraphqlRoutesOptions): { post: Route; get: Route } {
  const { apollo, tokens, limits, metrics, log } = options;
  const check = createRequestCheck(limits);

  async function execute(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: { requestId: string; type: AnswerType },
    operation: GraphqlRequest,
  ): Promise<void> {
    const context: EdgeContext = {
      caller: await identify(request.headers.authorization, tokens),
      requestId: exchange.requestId,
      language: languageOf(request),
      deadlineAtMs: deadlineOf(request, options.maxDeadlineMs),
    };
    const type = check(operation);
    if (request.method === 'GET' && type !== null && type !== 'query') {
      throw badRequest('GET serves queries; send a mutation by POST.', 405, { allow: 'POST' });
    }
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: acceptOf[exchange.type], search: '', body: operation },
      context: () => Promise.resolve(context),
    });
    if (answer.body.kind !== 'complete')
      throw new Error('An operation was answered in parts, which the edge does not serve.');
    write(
      response,
      statusOf(answer.status, exchange.type),
      exchange.type,
      answer.body.string,
      answer.headers,
    );
  }

  function refuse(response: ServerResponse, refusal: RequestRefused, type: AnswerType): void {
    metrics.operations.inc({ outcome: 'refused' });
    const body = JSON.stringify({ errors: [{ message: refusal.message, extensions: refusal.extensions }] });
    write(response, refusal.status, type, body, Object.entries(refusal.headers));
  }

  function route(
    read: (request: IncomingMessage, url: URL) => Promise<GraphqlRequest> | GraphqlRequest,
  ): Route {
    return async (request, response, url) => {
      const requestId = requestIdOf(request);
      response.setHeader('x-request-id', requestId);
      let type: AnswerType = 'application/json';
      try {
        type = pickAnswerType(request.headers.accept);
        await execute(request, response, { requestId, type }, await read(request, url));
      } catch (error) {
        if (!(error instanceof RequestRefused)) throw error;
        log.debug({ requestId, extensions: error.extensions }, 'refused a request');
        refuse(response, error, type);
      }
    };
  }

  return {
    post: route((request) => readPost(request, limits)),
    get: route((request, url) => {
      requirePreflight(request);
      return readGet(url);
    }),
  };
}
