import type { SubgraphAnswer } from './answer.ts';
import type { HopFailure } from './hop-failure.ts';

/** An operation that waits for its answer. It is settled once; what comes later is ignored. */
export class PendingOperation {
  /** JSON text of the operation as it travels. */
  readonly text: string;
  readonly deadlineAtMs: number;
  readonly #settled: (outcome: SubgraphAnswer | HopFailure) => void;
  #done = false;

  constructor(text: string, deadlineAtMs: number, settled: (outcome: SubgraphAnswer | HopFailure) => void) {
    this.text = text;
    this.deadlineAtMs = deadlineAtMs;
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
