import type { Policy } from './policy.ts';

/**
 * What one caller has left of one policy, as far as this process knows. It is counted here, so that nobody waits for Redis;
 * what others have used of it comes in with each settlement.
 */
export class Bucket {
  readonly policy: Policy;
  /** The same in all processes. */
  readonly key: string;
  #level: number;
  #atMs: number;
  /** Used here and not yet told to the others. */
  #unsettled = 0;

  constructor(policy: Policy, key: string, nowMs: number) {
    this.policy = policy;
    this.key = key;
    this.#level = policy.capacity;
    this.#atMs = nowMs;
  }

  /** Units that there are now, in whole ones. */
  remaining(nowMs: number): number {
    return Math.max(0, Math.floor(this.#refilled(nowMs)));
  }

  /** Seconds until there are so many units, whole ones, at least 1; 0 when there are. */
  secondsUntil(units: number, nowMs: number): number {
    const missing = units - this.#refilled(nowMs);
    return missing <= 0 ? 0 : Math.max(1, Math.ceil(missing / this.policy.perSecond));
  }

  /** Uses units, whether or not there are so many: ask `secondsUntil` before. */
  take(units: number, nowMs: number): void {
    this.#level = this.#refilled(nowMs) - units;
    this.#unsettled += units;
  }

  /** Puts back what was taken and not used. */
  giveBack(units: number, nowMs: number): void {
    this.#level = Math.min(this.policy.capacity, this.#refilled(nowMs) + units);
    this.#unsettled -= units;
  }

  /** What the others are to be told; from now on it counts as told. */
  takeUnsettled(): number {
    const units = this.#unsettled;
    this.#unsettled = 0;
    return units;
  }

  /** Takes over what is left by the count of all processes, without what was used here since that was asked. */
  settle(level: number, nowMs: number): void {
    // Never more than is known here: Redis may have lost what was used.
    this.#level = Math.min(this.#refilled(nowMs), level - this.#unsettled);
  }

  #refilled(nowMs: number): number {
    const { capacity, perSecond } = this.policy;
    const seconds = (nowMs - this.#atMs) / 1_000;
    if (seconds > 0) {
      this.#level = Math.min(capacity, this.#level + seconds * perSecond);
      this.#atMs = nowMs;
    }
    return this.#level;
  }
}
