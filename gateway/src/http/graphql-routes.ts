import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger, Route } from '@banyan/kit/service';
import type { RecentWriters } from '../cache/recent-writers.ts';
import { contractOf } from '../contracts/contract-of.ts';
import type { EdgeContext } from '../context.ts';
import { badRequest, liveElsewhere, RequestRefused, schemaHidden } from '../errors.ts';
import type { RunOperation } from '../graph/run-operation.ts';
import { callerOf, type Identities } from '../identity/caller-of.ts';
import { createRequestCheck, type CheckedOperation } from '../limits/check-request.ts';
import type { CostModel } from '../limits/cost/model.ts';
import type { Limits } from '../limits/limits.ts';
import type { EdgeMetrics } from '../metrics.ts';
import type { FindDocument } from '../operations/find-document.ts';
import type { Quotas } from '../quotas/quotas.ts';
import { chargeRefused, createCheckAndCharge } from './check-and-charge.ts';
import type { Cors } from './cors.ts';
import { keepSeconds, writeForProxies } from './cdn.ts';
import { writeAnswer, writeRefusal, type Exchange } from './exchange.ts';
import { pickAnswerType } from './media-type.ts';
import { Presence } from './presence.ts';
import { readGet, readPost, type ReceivedRequest } from './read-request.ts';
import { asksForCost, deadlineOf, languageOf, requestIdOf } from './request-headers.ts';
import { securityHeaders } from './security-headers.ts';

export interface GraphqlRoutesOptions {
  run: RunOperation;
  recentWriters: RecentWriters;
  findDocument: FindDocument;
  identities: Identities;
  limits: Limits;
  costModel: () => CostModel;
  /** Whether everybody may ask for the schema; staff may in any case. */
  introspection: boolean;
  quotas: Quotas;
  /** Where a client asks from: an IPv4 address or a /64 of IPv6. */
  addressOf: (request: IncomingMessage) => string;
  cors: Cors;
  hstsMaxAgeSeconds: number;
  maxDeadlineMs: number;
  /** The longest that proxies keep an answer to a GET. */
  maxCdnSeconds: number;
  metrics: EdgeMetrics;
  log: Logger;
}

/** A browser asks before it sends one of these to a foreign origin; a link, an image or a form cannot send them at all. */
const preflightHeaders = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'authorization',
  'banyan-api-key',
];

/** @throws RequestRefused 400 for a GET that a foreign page could make a browser send. */
function requirePreflight(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type?.toLowerCase().startsWith('application/json') === true) return;
  if (preflightHeaders.some((name) => request.headers[name] !== undefined)) return;
  throw badRequest(
    `A GET needs the header content-type: application/json, or one of ${preflightHeaders.join(', ')}.`,
  );
}

function isGetById({ method }: IncomingMessage, documentId: string | null): boolean {
  return method === 'GET' && documentId !== null;
}

/** @throws RequestRefused for an operation that this address, this method or this caller is not answered. */
function requireServed(
  { operation }: CheckedOperation,
  method: string | undefined,
  seesSchema: boolean,
): void {
  if (operation.type === 'subscription') throw liveElsewhere();
  if (method === 'GET' && operation.type !== 'query')
    throw badRequest('GET serves queries; send a mutation by POST.', 405, { allow: 'POST' });
  if (operation.isIntrospection && !seesSchema) throw schemaHidden();
}

/** `POST /graphql` and, for queries, `GET /graphql`: from bytes to an operation that is within the limits, and back. */
export function createGraphqlRoutes(options: GraphqlRoutesOptions): { post: Route; get: Route } {
  const { run, recentWriters, findDocument, identities, limits, quotas, cors, metrics, log } = options;
  const alwaysSent = securityHeaders(options.hstsMaxAgeSeconds);
  const checkAndCharge = createCheckAndCharge(createRequestCheck(limits, options.costModel), quotas);

  async function execute(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
    { documentId, ...received }: ReceivedRequest,
  ): Promise<void> {
    const caller = await callerOf(request.headers, identities, request);
    exchange.caller = caller;
    const found = await findDocument({ query: received.query, documentId }, contractOf(caller));
    const operation = { ...received, query: found.query };
    const { checked, charge } = checkAndCharge(request, exchange, caller, operation);
    const seesSchema = options.introspection || caller.roles.size > 0;
    if (checked !== null) {
      requireServed(checked, request.method, seesSchema);
      found.tellUnknown?.(checked.operation.name);
    }
    const context: EdgeContext = {
      caller,
      requestId: exchange.requestId,
      language: languageOf(request),
      deadlineAtMs: deadlineOf(request, options.maxDeadlineMs),
      checked,
      seesSchema,
      showsCost: asksForCost(request),
      settleCost: charge.settleCost,
      hasOwnDeadline: request.headers['banyan-deadline-ms'] !== undefined,
      wantsFresh: recentWriters.has(caller.subject),
      presence: Presence.at(response),
      network: checked?.operation.type === 'mutation' ? options.addressOf(request) : undefined,
    };
    const answer = await run(operation, context, exchange.type);
    if (answer.hasData) found.remember?.();
    if (checked?.operation.type === 'mutation') recentWriters.note(caller.subject);
    const seconds = isGetById(request, documentId) ? keepSeconds(answer, options.maxCdnSeconds) : 0;
    if (seconds > 0) writeForProxies(request, response, exchange, answer, seconds);
    else writeAnswer(response, answer.status, exchange, answer.body, answer.headers);
  }

  function route(
    read: (request: IncomingMessage, url: URL) => Promise<ReceivedRequest> | ReceivedRequest,
  ): Route {
    return async (request, response, url) => {
      const requestId = requestIdOf(request);
      const headers = { 'x-request-id': requestId, ...alwaysSent, ...cors.headersFor(request) };
      const exchange: Exchange = { requestId, type: 'application/json', headers };
      try {
        exchange.type = pickAnswerType(request.headers.accept);
        await execute(request, response, exchange, await read(request, url));
      } catch (error) {
        if (!(error instanceof RequestRefused)) {
          response.setHeader('x-request-id', requestId);
          throw error;
        }
        log.debug({ requestId, extensions: error.extensions }, 'refused a request');
        metrics.operations.inc({ outcome: 'refused' });
        writeRefusal(response, exchange, chargeRefused(quotas, request, exchange, error));
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
