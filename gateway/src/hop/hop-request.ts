import { signHop, type HopKey } from '@banyan/kit/hop';
import type { Dispatcher, Pool } from 'undici';
import { readAnswer, readAnswerLine } from './answer.ts';
import { HopFailure } from './hop-failure.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { PendingOperation } from './pending.ts';

/** Bytes that the answers of one hop may have together. */
const maxAnswerBytes = 64 * 1_024 * 1_024;
const path = '/graphql';

export interface HopTarget {
  subgraph: string;
  pool: Pool;
  key: HopKey;
}

/** How a hop ended: every operation had its answer or its deadline, or the hop failed the rest of them. */
export type HopOutcome = { kind: 'answered' } | { kind: 'failed'; failure: HopFailure };

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
    for (const operation of operations) {
      if (operation.done) continue;
      if (operation.deadlineAtMs > now) next = Math.min(next, operation.deadlineAtMs);
      else operation.settle(new HopFailure('late', sent(), 'The deadline has passed.'));
    }
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

/** The side of a hop that undici calls: it settles every operation, whatever becomes of the connection. */
class HopHandler implements Dispatcher.DispatchHandler {
  readonly #operations: readonly PendingOperation[];
  readonly #reader: AnswerReader;
  readonly #ended: (outcome: HopOutcome) => void;
  readonly #stopWatching: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #bytes = 0;

  constructor(
    operations: readonly PendingOperation[],
    reader: AnswerReader,
    ended: (outcome: HopOutcome) => void,
  ) {
    this.#operations = operations;
    this.#reader = reader;
    this.#ended = ended;
    this.#stopWatching = watchDeadlines(
      operations,
      () => this.#controller !== undefined,
      () => this.#controller?.abort(nobodyWaits),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#operations.every((operation) => operation.done)) controller.abort(nobodyWaits);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#status = statusCode;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
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
    const unanswered = this.#operations.filter((operation) => !operation.done);
    if (unanswered.length === 0) {
      this.#ended({ kind: 'answered' });
      return;
    }
    const mayHaveRun = this.#controller !== undefined && !notRun.has(this.#status);
    const failure = new HopFailure('unavailable', mayHaveRun, message, cause);
    for (const operation of unanswered) operation.settle(failure);
    this.#ended({ kind: 'failed', failure });
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
  return new Promise((resolve) => {
    target.pool.dispatch(
      { method: 'POST', path, headers, body },
      new HopHandler(operations, reader, resolve),
    );
  });
}
