import { AdaptiveLimit } from './adaptive-limit.ts';

/** The least that the limit goes down to: enough to notice that things have become better. */
const minUnderWay = 16;
const windowMs = 100;
const minSamples = 10;
/** Share of a window's answers that may be slow. */
const slowShare = 0.1;
/** What is slow, as a share of the objective: the limit swings about the point at which it shrinks. */
const slowFrom = 0.5;

/** A limit of what is under way at once, so that nearly all of it is answered within the objective. */
export class LatencyLimit {
  readonly #limit: AdaptiveLimit;
  readonly #slowFromMs: number;
  readonly #now: () => number;
  #underWay = 0;
  #peak = 0;
  #answers = 0;
  #slow = 0;
  #windowBeganMs = 0;
  #shrankAtMs = 0;

  constructor(options: { max: number; objectiveMs: number; now?: () => number }) {
    this.#limit = new AdaptiveLimit({ min: Math.min(minUnderWay, options.max), max: options.max });
    this.#slowFromMs = options.objectiveMs * slowFrom;
    this.#now = options.now ?? (() => performance.now());
  }

  get current(): number {
    return this.#limit.current;
  }

  /** Whether one more may be under way, for who may fill `share` of the limit. */
  hasRoom(share: number): boolean {
    return this.#underWay < this.#limit.current * share;
  }

  /** Something is under way from now on; gives what to call when it is over. */
  begin(): () => void {
    const beganMs = this.#now();
    this.#underWay += 1;
    this.#peak = Math.max(this.#peak, this.#underWay);
    return () => {
      this.#underWay -= 1;
      this.#observe(beganMs, this.#now());
    };
  }

  #observe(beganMs: number, nowMs: number): void {
    // What was let in before the limit shrank says nothing about the limit that stands.
    if (beganMs < this.#shrankAtMs) return;
    this.#answers += 1;
    if (nowMs - beganMs > this.#slowFromMs) this.#slow += 1;
    if (this.#answers < minSamples || nowMs - this.#windowBeganMs < windowMs) return;
    const wasSlow = this.#slow > this.#answers * slowShare;
    this.#limit.adjust(wasSlow, this.#peak);
    if (wasSlow) this.#shrankAtMs = nowMs;
    this.#windowBeganMs = nowMs;
    this.#answers = 0;
    this.#slow = 0;
    this.#peak = this.#underWay;
  }
}
