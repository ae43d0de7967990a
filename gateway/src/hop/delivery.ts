import type { HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import type { PickEndpoint } from './balancer.ts';
import type { Endpoint } from './endpoint.ts';
import { HopFailure } from './hop-failure.ts';
import { sendHop, type HopOutcome } from './hop-request.ts';
import type { PendingOperation } from './pending.ts';
import type { Retries } from './retries.ts';

/** A process that lets everything pass its deadline fails at its work, unless the deadlines were shorter than this. */
const hungAfterMs = 1_000;

/** Sends a hop to a process that was not `tried`, and settles all of its operations. Never rejects. */
export type Deliver = (hop: readonly PendingOperation[], tried?: Set<Endpoint>) => Promise<void>;

export interface DeliveryOptions {
  readonly subgraph: string;
  readonly key: HopKey;
  readonly endpoints: readonly Endpoint[];
  readonly pick: PickEndpoint;
  readonly retries: Retries;
  /** Called with how each hop ended. */
  readonly note: (endpoint: Endpoint, outcome: HopOutcome) => void;
  readonly log: Logger;
}

/** Whether every process that takes work has as many hops as it may have. */
export function isEachFull(endpoints: readonly Endpoint[]): boolean {
  const working = endpoints.filter((endpoint) => endpoint.state !== 'failing');
  return working.length > 0 && working.every((endpoint) => endpoint.isFull);
}

/** Why no process gets a hop. */
function noneTakesWork(subgraph: string, endpoints: readonly Endpoint[]): HopFailure {
  if (isEachFull(endpoints))
    return new HopFailure('overloaded', false, `No process of ${subgraph} has room.`);
  return new HopFailure('unavailable', false, `No process of ${subgraph} takes work.`);
}

/** Lets a process know how one of its hops ended. */
function tell(endpoint: Endpoint, outcome: HopOutcome, beganAtMs: number): void {
  if (outcome.kind === 'answered') endpoint.succeeded();
  else if (outcome.kind === 'failed' && !outcome.wasSent) endpoint.unreachable(outcome.failure);
  else if (outcome.kind === 'failed') endpoint.failed(outcome.failure, beganAtMs);
  else if (outcome.kind === 'late' && outcome.afterMs >= hungAfterMs)
    endpoint.failed(new HopFailure('late', true, 'Nothing came in time.'), beganAtMs);
}

/** Brings hops to the processes of one subgraph. */
export function createDelivery(options: DeliveryOptions): Deliver {
  const { subgraph, key, endpoints, pick, retries } = options;

  /** Whether another hop may yet bring the answer. */
  function isUnderWay(operation: PendingOperation): boolean {
    if (operation.carriers.length < 2) return false;
    return endpoints.some(({ hops }) => [...hops].some((hop) => hop.operations.includes(operation)));
  }

  /** Of two hops that carry an operation the first answer counts, and the last failure. */
  function giveUp(operations: readonly PendingOperation[], failure: HopFailure): void {
    for (const operation of operations) if (!isUnderWay(operation)) operation.settle(failure);
  }

  /** What nobody has thought of: who waits is told all the same. */
  function failAll(hop: readonly PendingOperation[], error: unknown): void {
    options.log.error({ err: error, subgraph }, 'a hop could not be sent');
    const failure = new HopFailure('unavailable', true, 'The hop could not be sent.', error);
    for (const operation of hop) operation.settle(failure);
  }

  /** Whether there is a process that takes work and was not tried. */
  function isAnotherLeft(tried: ReadonlySet<Endpoint>): boolean {
    return endpoints.some((endpoint) => endpoint.state !== 'failing' && !tried.has(endpoint));
  }

  /** Those that are to be sent again; the others are told. */
  function sortOut(hop: readonly PendingOperation[], failure: HopFailure, wasSent: boolean) {
    const unanswered = hop.filter((operation) => !operation.done);
    if (!wasSent) return unanswered;
    const again = new Set(retries.choose(unanswered));
    giveUp(
      unanswered.filter((operation) => !again.has(operation)),
      failure,
    );
    return [...again];
  }

  /**
   * One process after the other until one takes the hop: what was never sent has surely not been run. What was sent and failed
   * goes to a second process where it may.
   */
  return async (hop, tried = new Set()) => {
    try {
      let waiting = hop;
      let failure: HopFailure | undefined;
      while (waiting.length > 0) {
        const endpoint = pick(tried);
        if (endpoint === undefined) break;
        tried.add(endpoint);
        const beganAtMs = performance.now();
        const outcome = await sendHop({ subgraph, endpoint, key }, waiting);
        tell(endpoint, outcome, beganAtMs);
        options.note(endpoint, outcome);
        if (outcome.kind !== 'failed') return;
        failure = outcome.failure;
        if (!isAnotherLeft(tried)) break;
        waiting = sortOut(waiting, failure, outcome.wasSent);
      }
      giveUp(waiting, failure ?? noneTakesWork(subgraph, endpoints));
    } catch (error) {
      failAll(hop, error);
    }
  };
}
