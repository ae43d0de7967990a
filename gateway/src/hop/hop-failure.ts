/**
 * Why a hop brought no answer. `unavailable`: nobody there, broken off, or not understood; `late`: the deadline passed;
 * `overloaded`: there is no room to wait for this subgraph; `abandoned`: the client has gone.
 */
export type HopFailureKind = 'unavailable' | 'late' | 'overloaded' | 'abandoned';

/** A hop that brought no answer for an operation. */
export class HopFailure extends Error {
  override readonly name = 'HopFailure';
  readonly kind: HopFailureKind;
  /** Whether the subgraph may have run the operation all the same. */
  readonly mayHaveRun: boolean;
  constructor(kind: HopFailureKind, mayHaveRun: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.mayHaveRun = mayHaveRun;
  }
}
