import { isAnonymous, pickLanguage, type Caller, type createAssertionMinter } from '@banyan/kit/hop';
import { readLaneOf, readShareOf } from '../admission/lanes.ts';
import { LatencyLimit } from '../admission/latency-limit.ts';
import type { Presence } from '../http/presence.ts';
import type { SubgraphAnswer } from './answer.ts';
import { HopFailure } from './hop-failure.ts';
import type { Waiter } from './pending.ts';
import { createProcessPool, type ProcessPoolOptions } from './process-pool.ts';
import { WaitingLine } from './waiting-line.ts';
import { writeOperation, type OperationText } from './write-operation.ts';

export interface HopClientOptions extends ProcessPoolOptions {
  minter: Awaited<ReturnType<typeof createAssertionMinter>>;
  /** Operations that may wait for an answer; beyond that the edge says at once that there is no room. */
  maxWaitingOperations: number;
  /** How long reads are to take; while they take longer, fewer are let through. */
  readObjectiveMs: number;
}

/** One operation for a subgraph, on behalf of one caller. */
export interface HopOperation extends OperationText {
  caller: Caller;
  requestId: string;
  language?: string | undefined;
  /** In milliseconds since the epoch. */
  deadlineAtMs: number;
  /** Whether it has no effect, so that it may be sent a second time. */
  canRepeat?: boolean;
  /** Where the client asks from, for a subgraph that limits strangers by it. */
  network?: string | undefined;
  /** Of the client that waits for it: when that goes, so does the operation. */
  presence?: Presence | undefined;
  /** Whether the answer is to say what it shows. */
  wantsDependencies?: boolean | undefined;
}

export interface HopClient {
  /** @throws HopFailure when there is no answer. */
  send(operation: HopOperation): Promise<SubgraphAnswer>;
  /** Reads that may be under way at once at the moment. */
  readonly readLimit: number;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}

/**
 * The same for those who ask the same in the same name, which is what the assertion says. Where the client asks from is no part
 * of it: subgraphs are told that of mutations alone, which nobody joins.
 */
function keyOf(operation: HopOperation, assertion = ''): string {
  const { head, variables = '', language, wantsDependencies = false } = operation;
  return `${assertion} ${pickLanguage(language)} ${wantsDependencies}\n${head}\n${variables}`;
}

function write(operation: HopOperation, assertion: string | undefined, deadlineAtMs: number): string {
  const { requestId, language, wantsDependencies, network } = operation;
  const deadlineMs = Math.max(1, deadlineAtMs - Date.now());
  const dependencies = wantsDependencies === true ? true : undefined;
  return writeOperation(operation, { assertion, requestId, language, deadlineMs, dependencies, network });
}

/** @param assertion of who asks; undefined for a stranger. */
function enqueue(
  line: WaitingLine,
  operation: HopOperation,
  assertion: string | undefined,
): Promise<SubgraphAnswer> {
  const { deadlineAtMs, canRepeat = false, presence } = operation;
  return new Promise((resolve, reject) => {
    if (presence?.isGone === true) {
      reject(new HopFailure('abandoned', false, 'The client has gone.'));
      return;
    }
    const waiter: Waiter = {
      deadlineAtMs,
      settle(outcome) {
        forget?.();
        if (outcome instanceof HopFailure) reject(outcome);
        else resolve(outcome);
      },
    };
    const pending = line.add(waiter, {
      key: canRepeat ? keyOf(operation, assertion) : null,
      canRepeat,
      write: (latestMs) => write(operation, assertion, latestMs),
    });
    const forget = presence?.whenGone(() => {
      pending.abandon(waiter);
    });
  });
}

/**
 * The edge's side of the hop to one subgraph: operations that become ready in the same turn of the event loop travel as
 * one signed request over kept connections to one of its processes, and each is answered by itself. Reads that ask the same in
 * the same name travel once.
 */
export function createHopClient(options: HopClientOptions): HopClient {
  const { subgraph, metrics, log } = options;
  const pool = createProcessPool(options);
  const hopOperations = metrics.hopOperations.labels(subgraph);
  const joinedReads = metrics.joinedReads.labels(subgraph);
  const hopSeconds = metrics.hopSeconds.labels(subgraph);
  let underWay = 0;
  const reads = new LatencyLimit({ max: options.maxWaitingOperations, objectiveMs: options.readObjectiveMs });

  /** Mutations are bounded by number alone: those who take them know best when there are too many. */
  function hasRoom({ caller, canRepeat }: HopOperation): boolean {
    if (underWay >= options.maxWaitingOperations) return false;
    return canRepeat !== true || reads.hasRoom(readShareOf[readLaneOf(caller)]);
  }

  const line = new WaitingLine({
    isFull: () => pool.isFull,
    send: (hop) => {
      hopOperations.observe(hop.length);
      return pool.deliver(hop);
    },
    onJoined: () => joinedReads.inc(),
  });

  return {
    async send(operation) {
      if (!hasRoom(operation))
        throw new HopFailure('overloaded', false, `${underWay} operations wait for ${subgraph}.`);
      const beganAt = performance.now();
      underWay += 1;
      const readEnded = operation.canRepeat === true ? reads.begin() : undefined;
      try {
        const { caller } = operation;
        const assertion = isAnonymous(caller) ? undefined : options.minter.mint(caller, subgraph);
        const known = typeof assertion === 'object' ? await assertion : assertion;
        return await enqueue(line, operation, known);
      } catch (error) {
        log.debug({ err: error, subgraph, requestId: operation.requestId }, 'an operation had no answer');
        throw error;
      } finally {
        underWay -= 1;
        readEnded?.();
        hopSeconds.observe((performance.now() - beganAt) / 1_000);
      }
    },
    get readLimit() {
      return reads.current;
    },
    close() {
      line.close();
      return pool.close();
    },
  };
}
