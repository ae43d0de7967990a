import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '@banyan/kit/service';
import { RequestRefused } from '../errors.ts';
import { chargeRefused } from '../http/check-and-charge.ts';
import type { Cors } from '../http/cors.ts';
import { writeAnswer, type Exchange } from '../http/exchange.ts';
import { readGet, readPost, type ReceivedRequest } from '../http/read-request.ts';
import { languageOf, requestIdOf } from '../http/request-headers.ts';
import { callerOf } from '../identity/caller-of.ts';
import { payerOf } from './connections.ts';
import { watchIdentity } from './identity-watch.ts';
import { SubscriptionRefused } from './refused.ts';
import { SseStream, streamHeaders, writeRefusal } from './sse-stream.ts';
import type { TransportOptions } from './transport.ts';

export interface SseOptions extends TransportOptions {
  /** Headers of every answer. */
  alwaysSent: Readonly<Record<string, string>>;
  cors: Cors;
}

const transport = 'sse';
/** Whether a request asks for a stream of events and for nothing else. */
export function asksForStream({ headers: { accept = '' } }: IncomingMessage): boolean {
  return accept.includes('text/event-stream') && !/json|\*/.test(accept);
}

/** @throws what is no refusal. */
function refuse(response: ServerResponse, exchange: Exchange, error: unknown): void {
  if (error instanceof SubscriptionRefused) {
    response.writeHead(200, { ...exchange.headers, ...streamHeaders });
    writeRefusal(response, error.errors);
    return;
  }
  if (!(error instanceof RequestRefused)) throw error;
  const { message, extensions, status, headers } = error;
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  writeAnswer(response, status, exchange, body, Object.entries(headers));
}

/** `POST` and `GET /graphql/stream`. */
export function createSseRoutes(options: SseOptions): { post: Route; get: Route } {
  const { hub, admit, sessions, connections, identities, limits, settings, metrics } = options;

  async function open(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
    received: ReceivedRequest,
  ): Promise<void> {
    const caller = await callerOf(request.headers, identities, request);
    exchange.caller = caller;
    const who = { caller, requestId: exchange.requestId, language: languageOf(request) };
    const operation = await admit(request, exchange, received, who);
    // Who has gone meanwhile is not told of again, and would be followed for ever.
    if (response.destroyed) return;
    const address = options.addressOf(request);
    const stream = new SseStream(response, { settings, metrics });
    const undo: (() => void)[] = [connections.enter(caller, address)];
    const close = () => {
      for (const each of undo.splice(0)) each();
    };
    try {
      undo.push(hub.join(operation, stream, payerOf(caller, address)));
    } catch (error) {
      close();
      throw error;
    }
    metrics.subscribers.inc({ transport });
    undo.push(() => {
      metrics.subscribers.dec({ transport });
      sessions.remove(stream);
    });
    response.once('close', close);
    response.writeHead(200, { ...exchange.headers, ...streamHeaders });
    response.write(':\n\n');
    sessions.add(stream);
    const watched = { credentials: request.headers, caller };
    undo.push(
      watchIdentity(watched, { identities, recheckMs: settings.LIVE_RECHECK_MS }, (refusal) => {
        stream.refuse(refusal);
      }),
    );
  }

  function route(
    read: (request: IncomingMessage, url: URL) => Promise<ReceivedRequest> | ReceivedRequest,
  ): Route {
    return async (request, response, url) => {
      const requestId = requestIdOf(request);
      const headers = {
        ...options.alwaysSent,
        ...options.cors.headersFor(request),
        'x-request-id': requestId,
      };
      const exchange: Exchange = { requestId, type: 'application/json', headers };
      try {
        await open(request, response, exchange, await read(request, url));
      } catch (error) {
        const { quotas } = options;
        const charged =
          error instanceof RequestRefused ? chargeRefused(quotas, request, exchange, error) : error;
        refuse(response, exchange, charged);
      }
    };
  }

  // A page elsewhere can make a browser open such a GET, and learns nothing from it: nothing is known of the person, since
  // there are no cookies, and the answer is kept from the page. So an EventSource, which cannot set headers, may.
  return { post: route((request) => readPost(request, limits)), get: route((_request, url) => readGet(url)) };
}
