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

/** Statuses by which a subgraph, or what stands in front of it, says that it has not run anything. */
const notRun = new Set([400, 401, 403, 404, 405, 413, 415, 429, 503]);

/** Settles what is past its deadline when that comes, and says when nobody waits any longer. */
function watchDeadlines(
  operations: readonly PendingOperation[],
  sent: () => boolean,
  nobodyWaits: () => void,
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
    if (next === Number.POSITIVE_INFINITY) nobodyWaits();
    else timer = setTimeout(watch, next - now);
  };
  watch();
  return () => {
    clearTimeout(timer);
  };
}

/**
 * Sends operations as one signed request and settles each as its answer arrives. A single operation travels plainly, as
 * from any other client; several travel as a batch, which is answered line by line.
 * @returns when the request is over, with how it ended.
 */
export function sendHop(
  target: HopTarget,
  operations: readonly PendingOperation[],
): Promise<'answered' | 'failed'> {
  const [only] = operations;
  const single = operations.length === 1 ? only : undefined;
  const text =
    single === undefined ? `[${operations.map((operation) => operation.text).join(',')}]` : single.text;
  const body = Buffer.from(text);
  const headers = {
    'content-type': 'application/json',
    ...signHop(target.key, { subgraph: target.subgraph, method: 'POST', path, body }),
  };

  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let bytes = 0;
    const parts: Buffer[] = [];
    const onLine = createLineSplitter((line) => {
      const { index, answer } = readAnswerLine(line);
      operations[index]?.settle(answer);
    });

    const stopWatching = watchDeadlines(
      operations,
      () => controller !== undefined,
      () => controller?.abort(new Error('Nobody waits for the answer any longer.')),
    );
    const end = (message: string, cause?: unknown) => {
      stopWatching();
      const mayHaveRun = controller !== undefined && !notRun.has(status);
      const failed = operations.filter((operation) => !operation.done);
      for (const operation of failed)
        operation.settle(new HopFailure('unavailable', mayHaveRun, message, cause));
      resolve(failed.length === 0 ? 'answered' : 'failed');
    };

    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) throw new Error(`The answer is larger than ${maxAnswerBytes} bytes.`);
      if (single === undefined) onLine(chunk);
      else parts.push(chunk);
    };

    target.pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart(started) {
          controller = started;
          if (operations.every((operation) => operation.done))
            started.abort(new Error('Nobody waits for the answer any longer.'));
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(current, chunk) {
          if (status !== 200) return;
          try {
            take(chunk);
          } catch (error) {
            current.abort(error instanceof Error ? error : new Error(String(error)));
          }
        },
        onResponseEnd() {
          if (status !== 200) {
            end(`The subgraph answered with status ${status}.`);
            return;
          }
          try {
            single?.settle(readAnswer(JSON.parse(Buffer.concat(parts).toString('utf8'))));
            end('The subgraph left out an answer.');
          } catch (error) {
            end('The answer cannot be read.', error);
          }
        },
        onResponseError(_controller, error) {
          end('The connection failed.', error);
        },
      },
    );
  });
}
