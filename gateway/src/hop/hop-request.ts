import { signHop, type HopKey } from '@banyan/kit/hop';
import type { Dispatcher } from 'undici';
import { readAnswer, readAnswerLine } from './answer.ts';
import type { Endpoint, HopUnderWay } from './endpoint.ts';
import { HopFailure } from './hop-failure.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { PendingOperation } from './pending.ts';

/** Bytes that the answers of one hop may have together. */
const maxAnswerBytes = 64 * 1_024 * 1_024;
const path = '/graphql';

export interface HopTarget {
  subgraph: string;
  endpoint: Endpoint;
  key: HopKey;
}

/**
 * How a hop ended. `answered`: every operation had its answer, or its deadline passed. `late`: all their deadlines passed
 * before a byte came. `abandoned`: the same, but of one of them the last client that waited went before its deadline.
 * `failed`: the rest of them still wait for whoever sent the hop to settle them; where nothing of it `wasSent` it may go to
 * another process.
 */
export type HopOutcome =
  | { kind: 'answered' }
  | { kind: 'late'; afterMs: number }
  | { kind: 'abandoned' }
  | { kind: 'failed'; failure: HopFailure; wasSent: boolean };

const nobodyWaits = new Error('Nobody waits for the answer any longer.');

/** Statuses by which a subgraph, or what stands in front of it, says that it has not run anything. */
const notRun = new Set([400, 401, 403, 404, 405, 413, 415, 429, 503]);

/** Settles what is past its deadline when that comes, and says when nobody waits any longer. */
function watchDeadlines(
  operations: readonly PendingOperation[],
  sent: () => boolean,
  allSettled: () => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const operation of operations) next = Math.min(next, operation.settleLate(now, sent()));
    if (next === Number.POSITIVE_INFINITY) allSettled();
    else timer = setTimeout(watch, next - now);
  };
  watch();
  return () => {
    clearTimeout(timer);
  };
}

/** Takes the bytes of an answer, and settles operations with what they say. */
interface AnswerReader {
  /** @throws Error when the bytes are no answer. */
  take(chunk: Buffer): void;
  /** @throws Error when the bytes were no answer. */
  end(): void;
}

/** The answer to a single operation is one JSON text. */
function readSingle(operation: PendingOperation): AnswerReader {
  const parts: Buffer[] = [];
  return {
    take: (chunk) => {
      parts.push(chunk);
    },
    end: () => {
      operation.settle(readAnswer(JSON.parse(Buffer.concat(parts).toString('utf8'))));
    },
  };
}

/** The answer to a batch is a line for each operation, as each finishes. */
function readLines(operations: readonly PendingOperation[]): AnswerReader {
  const take = createLineSplitter((line) => {
    const { index, answer } = readAnswerLine(line);
    operations[index]?.settle(answer);
  });
  return { take, end: () => undefined };
}

/** The side of a hop that undici calls: settles what is answered or late, and says how it ended. */
class HopHandler implements Dispatcher.DispatchHandler, HopUnderWay {
  readonly operations: readonly PendingOperation[];
  readonly #endpoint: Endpoint;
  readonly #reader: AnswerReader;
  readonly #ended: (outcome: HopOutcome) => void;
  readonly #stopWatching: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #beganAtMs = performance.now();
  #status = 0;
  #bytes = 0;

  constructor(
    endpoint: Endpoint,
    operations: readonly PendingOperation[],
    reader: AnswerReader,
    ended: (outcome: HopOutcome) => void,
  ) {
    this.#endpoint = endpoint;
    this.operations = operations;
    this.#reader = reader;
    this.#ended = ended;
    for (const operation of operations) operation.carriers.push(this);
    this.#stopWatching = watchDeadlines(
      operations,
      () => this.#controller !== undefined,
      () => this.#controller?.abort(nobodyWaits),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.endIfDone();
  }

  endIfDone(): void {
    if (this.operations.every((operation) => operation.done)) this.#controller?.abort(nobodyWaits);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = statusCode;
    this.#endpoint.heard();
    if (headers['connection'] === 'close') this.#endpoint.closing();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#endpoint.heard();
    if (this.#status !== 200) return;
    this.#bytes += chunk.length;
    try {
      if (this.#bytes > maxAnswerBytes) throw new Error(`The answer is larger than ${maxAnswerBytes} bytes.`);
      this.#reader.take(chunk);
    } catch (error) {
      controller.abort(
        error instanceof Error ? error : new Error('The answer cannot be read.', { cause: error }),
      );
    }
  }

  onResponseEnd(): void {
    if (this.#status !== 200) {
      this.#end(`The subgraph answered with status ${this.#status}.`);
      return;
    }
    try {
      this.#reader.end();
      this.#end('The subgraph left out an answer.');
    } catch (error) {
      this.#end('The answer cannot be read.', error);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end('The connection failed.', error);
  }

  #end(message: string, cause?: unknown): void {
    this.#stopWatching();
    this.#endpoint.end(this);
    if (this.operations.every((operation) => operation.done)) {
      if (this.#status !== 0) this.#ended({ kind: 'answered' });
      else if (this.operations.some((operation) => operation.isAbandoned)) this.#ended({ kind: 'abandoned' });
      else this.#ended({ kind: 'late', afterMs: performance.now() - this.#beganAtMs });
      return;
    }
    const wasSent = this.#controller !== undefined;
    const mayHaveRun = wasSent && !notRun.has(this.#status);
    this.#ended({
      kind: 'failed',
      failure: new HopFailure('unavailable', mayHaveRun, message, cause),
      wasSent,
    });
  }
}

/**
 * Sends operations as one signed request and settles each as its answer arrives. A single operation travels plainly, as
 * from any other client; several travel as a batch, which is answered line by line.
 * @returns when the request is over, with how it ended.
 */
export function sendHop(target: HopTarget, operations: readonly PendingOperation[]): Promise<HopOutcome> {
  const [only] = operations;
  const single = operations.length === 1 ? only : undefined;
  const text = single?.text ?? `[${operations.map((operation) => operation.text).join(',')}]`;
  const body = Buffer.from(text);
  const headers = {
    'content-type': 'application/json',
    ...signHop(target.key, { subgraph: target.subgraph, method: 'POST', path, body }),
  };
  const reader = single === undefined ? readLines(operations) : readSingle(single);
  const { endpoint } = target;
  return new Promise((resolve) => {
    const handler = new HopHandler(endpoint, operations, reader, resolve);
    endpoint.begin(handler);
    endpoint.connections.dispatch({ method: 'POST', path, headers, body }, handler);
  });
}
