import type { SubgraphAnswer } from './answer.ts';
import type { HopFailure } from './hop-failure.ts';

/** An operation that waits for its answer. It is settled once; what comes later is ignored. */
export class PendingOperation {
  /** JSON text of the operation as it travels. */
  readonly text: string;
  readonly deadlineAtMs: number;
  /** Whether it may be sent a second time: it has no effect, and was not sent twice yet. */
  canRepeat: boolean;
  readonly #settled: (outcome: SubgraphAnswer | HopFailure) => void;
  #done = false;

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

  settle(outcome: SubgraphAnswer | HopFailure): void {
    if (this.#done) return;
    this.#done = true;
    this.#settled(outcome);
  }
}
