import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Route } from '../service/router.ts';
import { sendError } from '../service/send.ts';
import type { Logger } from '../service/logger.ts';
import { anonymous, AssertionRefused, type createAssertionVerifier } from './assertion.ts';
import { operationShape, signedRoute, type OperationRequest } from './server.ts';
import type { HopVerifier } from './signature.ts';
import { hopHeartbeatMs, maxStreamMs, type StreamEnd, type SubscriptionLine } from './subscription-lines.ts';

/** Streams that one process answers at once. */
const maxStreams = 10_000;

/** What came of one event. */
export interface SubscriptionResult {
  /** In decimal digits. */
  version: string;
  response: unknown;
  /** Whether it says that the caller may not, or no longer, follow this. */
  isRefusal: boolean;
}

/** A subscription that runs, or why it does not. */
export type OpenSubscription =
  | { refusal: unknown }
  | {
      results: AsyncIterable<SubscriptionResult>;
      /** Lets `results` end, also while it waits for the next event. */
      stop(): void;
    };

/** Begins one subscription. Never rejects for what a client can do. */
export type SubscribeOperation = (operation: OperationRequest) => Promise<OpenSubscription>;

export interface SubscriptionRouteOptions {
  subgraph: string;
  verifier: HopVerifier;
  assertions: ReturnType<typeof createAssertionVerifier>;
  subscribe: SubscribeOperation;
  log: Logger;
  /** Aborted when the process is about to end. */
  closing: AbortSignal;
  /** How long one stream lasts at most; default `maxStreamMs`. */
  streamMs?: number;
}

/** Resolves when there is room to write again, or nobody to read. */
function whenWritable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}

/** One stream of lines, from its first to its last. */
async function stream(
  response: ServerResponse,
  opened: OpenSubscription,
  { closing, log, streamMs = maxStreamMs }: SubscriptionRouteOptions,
): Promise<void> {
  // The edge may have gone while the source was opened, and is not told of again.
  if (response.destroyed) {
    if ('stop' in opened) opened.stop();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const write = (line: SubscriptionLine) => response.write(`${JSON.stringify(line)}\n`);
  if ('refusal' in opened) {
    write({ kind: 'end', reason: 'refused', response: opened.refusal });
    response.end();
    return;
  }
  let end: StreamEnd = 'complete';
  const endAs = (reason: StreamEnd) => {
    end = reason;
    opened.stop();
  };
  const drain = () => {
    endAs('drain');
  };
  // The headers go out at once: the edge is to know that it has a stream before there is anything to tell.
  response.flushHeaders();
  const heartbeat = setInterval(() => write({ kind: 'heartbeat' }), hopHeartbeatMs);
  const renewal = setTimeout(endAs, streamMs, 'renew');
  closing.addEventListener('abort', drain);
  response.once('close', () => {
    opened.stop();
  });
  if (closing.aborted) drain();
  let refusal: unknown;
  try {
    for await (const result of opened.results) {
      if (result.isRefusal) {
        refusal = result.response;
        end = 'refused';
        break;
      }
      heartbeat.refresh();
      // While the edge is slow the source keeps the newest state alone.
      const { version, response: value } = result;
      if (!write({ kind: 'next', version, response: value })) await whenWritable(response);
    }
  } catch (error) {
    log.error({ err: error }, 'a subscription failed');
    end = 'failed';
  } finally {
    opened.stop();
    clearInterval(heartbeat);
    clearTimeout(renewal);
    closing.removeEventListener('abort', drain);
  }
  if (response.destroyed) return;
  write({ kind: 'end', reason: end, ...(refusal !== undefined && { response: refusal }) });
  response.end();
}

/**
 * The server half of a subscription's hop: a signed operation is answered by a stream of lines, newline-delimited JSON, with
 * heartbeats between results, until one of the sides ends it. The assertion is verified as for any operation.
 */
export function createSubscriptionRoute(options: SubscriptionRouteOptions): Route {
  const { assertions, log } = options;
  let streams = 0;

  async function open(operation: z.infer<typeof operationShape>): Promise<OpenSubscription> {
    const { assertion, requestId, language } = operation.extensions ?? {};
    try {
      return await options.subscribe({
        query: operation.query,
        variables: operation.variables ?? undefined,
        operationName: operation.operationName ?? undefined,
        caller: assertion === undefined ? anonymous : await assertions.verify(assertion),
        requestId: requestId ?? crypto.randomUUID(),
        language,
        deadlineAtMs: undefined,
      });
    } catch (error) {
      if (!(error instanceof AssertionRefused)) throw error;
      log.warn({ err: error }, 'refused an assertion');
      const { message } = error;
      return { refusal: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] } };
    }
  }

  return signedRoute(options, async (_request, response, _url, body) => {
    let operation: z.infer<typeof operationShape>;
    try {
      operation = operationShape.parse(JSON.parse(body.toString('utf8')));
    } catch {
      sendError(response, 400, 'BAD_REQUEST', 'Expected one operation as JSON.');
      return;
    }
    if (streams >= maxStreams || options.closing.aborted) {
      sendError(response, 503, 'OVERLOADED', 'There is no room for another subscription.', {
        'retry-after': '1',
      });
      return;
    }
    streams += 1;
    try {
      await stream(response, await open(operation), options);
    } finally {
      streams -= 1;
    }
  });
}
