import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody } from '../service/body.ts';
import type { Route } from '../service/router.ts';
import { sendError } from '../service/send.ts';
import type { Logger } from '../service/logger.ts';
import { createAnswerLines } from './answer-lines.ts';
import { anonymous, AssertionRefused, type Caller, type createAssertionVerifier } from './assertion.ts';
import type { HopVerifier } from './signature.ts';

/** Bytes of a hop's body. The edge has a lower limit for what clients send; representations need room. */
const maxHopBytes = 8 * 1_024 * 1_024;
/** Operations that one hop may carry. */
export const maxHopOperations = 64;

export const operationShape = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
  extensions: z
    .object({
      assertion: z.string().optional(),
      requestId: z.string().max(100).optional(),
      language: z.string().max(35).optional(),
      deadlineMs: z.number().positive().optional(),
      dependencies: z.boolean().optional(),
      network: z.string().max(64).optional(),
    })
    .nullish(),
});
const batchShape = z.array(operationShape).min(1).max(maxHopOperations);
export type HopOperation = z.infer<typeof operationShape>;

/** One operation with its own caller: a hop may carry operations of several. */
export interface OperationRequest {
  query: string;
  variables: Record<string, unknown> | undefined;
  operationName: string | undefined;
  caller: Caller;
  requestId: string;
  language: string | undefined;
  /** When the client stops waiting, in milliseconds since the epoch. */
  deadlineAtMs: number | undefined;
  /** Whether the answer is to say what it depends on, for a copy of it; see `PublicCopies`. */
  wantsDependencies?: boolean;
  /** Where the client asks from, as the edge sees it: an IPv4 address or a /64 of IPv6. Told of mutations alone. */
  network?: string | undefined;
  /** Calls `listener` when whoever asked has gone, and nobody waits for the answer. */
  whenGone?(listener: () => void): void;
}

/** Runs one operation and gives the JSON text of its result. Never rejects for what an operation can do. */
export type ExecuteOperation = (operation: OperationRequest) => Promise<string>;

function errorText(code: string, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** The operation or the operations that a body holds; null when it holds something else. */
function readOperations(body: Buffer): HopOperation | HopOperation[] | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(value) ? batchShape.parse(value) : operationShape.parse(value);
  } catch {
    return null;
  }
}

/**
 * Puts the signature in front of a route: the body is read and verified as raw bytes, and only then handed on.
 * Whoever is refused learns nothing but that.
 */
export function signedRoute(
  options: { subgraph: string; verifier: HopVerifier; log: Logger },
  next: (request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer) => Promise<void> | void,
): Route {
  return async (request, response, url) => {
    const body = await readBody(request, maxHopBytes);
    const refusal = options.verifier.verify(request.headers, {
      subgraph: options.subgraph,
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      body,
    });
    if (refusal !== null) {
      options.log.warn({ refusal, path: url.pathname }, 'refused a hop');
      sendError(response, 401, 'HOP_REFUSED', 'This service answers its gateway alone.');
      return;
    }
    await next(request, response, url, body);
  };
}

type WhenGone = (listener: () => void) => void;

/** Tells of a connection that closes before the answer was given. */
function watchClose(response: ServerResponse): WhenGone {
  const listeners: (() => void)[] = [];
  response.once('close', () => {
    if (!response.writableEnded) for (const listener of listeners) listener();
  });
  return (listener) => {
    listeners.push(listener);
  };
}

/** An operation of a hop, in its caller's name. */
function requestOf(operation: HopOperation, caller: Caller, whenGone: WhenGone): OperationRequest {
  const extensions = operation.extensions ?? {};
  return {
    query: operation.query,
    variables: operation.variables ?? undefined,
    operationName: operation.operationName ?? undefined,
    caller,
    requestId: extensions.requestId ?? crypto.randomUUID(),
    language: extensions.language,
    deadlineAtMs: extensions.deadlineMs === undefined ? undefined : Date.now() + extensions.deadlineMs,
    wantsDependencies: extensions.dependencies === true,
    network: extensions.network,
    whenGone,
  };
}

/**
 * The server half of the hop: a plain single operation is answered as JSON; a batch is answered as newline-delimited
 * JSON, each line with the index of its operation, as each finishes, so that a slow one holds back nobody.
 */
export function createHopRoute(options: {
  subgraph: string;
  verifier: HopVerifier;
  assertions: ReturnType<typeof createAssertionVerifier>;
  execute: ExecuteOperation;
  log: Logger;
}): Route {
  async function run(operation: HopOperation, whenGone: WhenGone): Promise<string> {
    const extensions = operation.extensions ?? {};
    let caller: Caller;
    try {
      caller =
        extensions.assertion === undefined
          ? anonymous
          : await options.assertions.verify(extensions.assertion);
    } catch (error) {
      if (!(error instanceof AssertionRefused)) throw error;
      options.log.warn({ err: error }, 'refused an assertion');
      return errorText('UNAUTHENTICATED', error.message);
    }
    return options.execute(requestOf(operation, caller, whenGone));
  }

  async function runSafely(operation: HopOperation, whenGone: WhenGone): Promise<string> {
    try {
      return await run(operation, whenGone);
    } catch (error) {
      options.log.error({ err: error }, 'an operation failed');
      return errorText('INTERNAL_SERVER_ERROR', 'Something went wrong here. It has been noted.');
    }
  }

  return signedRoute(options, async (_request, response, _url, body) => {
    const parsed = readOperations(body);
    if (parsed === null) {
      sendError(
        response,
        400,
        'BAD_REQUEST',
        `Expected an operation, or 1 to ${maxHopOperations} of them, as JSON.`,
      );
      return;
    }
    const whenGone = watchClose(response);
    if (!Array.isArray(parsed)) {
      const text = await runSafely(parsed, whenGone);
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
      return;
    }
    const lines = createAnswerLines(response);
    await Promise.all(
      parsed.map(async (operation, index) => {
        lines.add(`{"index":${index},"response":${await runSafely(operation, whenGone)}}`);
      }),
    );
    lines.end();
  });
}
