import type { SubgraphAnswer } from './answer.ts';
import { HopFailure } from './hop-failure.ts';

/** What an operation travels in. */
export interface Carrier {
  /** Ends it when nobody waits for its answer any longer. */
  endIfDone(): void;
}

/** An operation that waits for its answer. It is settled once; what comes later is ignored. */
export class PendingOperation {
  /** JSON text of the operation as it travels. */
  readonly text: string;
  readonly deadlineAtMs: number;
  /** Whether it may be sent a second time: it has no effect, and was not sent twice yet. */
  canRepeat: boolean;
  readonly #settled: (outcome: SubgraphAnswer | HopFailure) => void;
  /** Hops that it is part of: one, or two where the first hangs. */
  readonly carriers: Carrier[] = [];
  #done = false;
  #isAbandoned = false;

  constructor(
    text: string,
    options: { deadlineAtMs: number; canRepeat: boolean },
    settled: (outcome: SubgraphAnswer | HopFailure) => void,
  ) {
    this.text = text;
    this.deadlineAtMs = options.deadlineAtMs;
    this.canRepeat = options.canRepeat;
    this.#settled = settled;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Whether the client went before the answer came. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** The client has gone: nobody waits for the answer. */
  abandon(): void {
    if (this.#done) return;
    this.#isAbandoned = true;
    this.settle(new HopFailure('abandoned', true, 'The client has gone.'));
    for (const carrier of this.carriers) carrier.endIfDone();
  }

  settle(outcome: SubgraphAnswer | HopFailure): void {
    if (this.#done) return;
    this.#done = true;
    this.#settled(outcome);
  }
}
