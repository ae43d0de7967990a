/** Share of what was under way that is let in after a slow moment, and how fast the limit grows in a good one. */
const decrease = 0.8;
const increase = 1.1;
/** A limit that was not nearly reached has not been tried, so a good moment says nothing about a higher one. */
const triedShare = 0.7;

/**
 * A limit of what is under way at once that finds its own value: it shrinks by a fifth when things become slow and grows by a
 * tenth while they are not. After TCP's additive increase and multiplicative decrease, as in Netflix's concurrency-limits
 * (AIMDLimit); it grows by a share, since it starts high and must come back within seconds of an outage.
 */
export class AdaptiveLimit {
  readonly #min: number;
  readonly #max: number;
  #limit: number;

  constructor(bounds: { min: number; max: number }) {
    this.#min = bounds.min;
    this.#max = bounds.max;
    this.#limit = bounds.max;
  }

  get current(): number {
    return this.#limit;
  }

  /** Takes one moment into account: whether it was slow, and the most that was under way at once. */
  adjust(wasSlow: boolean, peak: number): void {
    if (wasSlow) this.#limit = Math.max(this.#min, Math.min(this.#limit, peak) * decrease);
    else if (peak >= this.#limit * triedShare) this.#limit = Math.min(this.#max, this.#limit * increase + 1);
  }
}
