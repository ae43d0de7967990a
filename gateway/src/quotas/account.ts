import { RequestRefused } from '../errors.ts';
import { Bucket } from './bucket.ts';
import type { Plan } from './plans.ts';

function item(bucket: Bucket, waitSeconds: number, nowMs: number): string {
  const { name, nextUnitSeconds } = bucket.policy;
  return `"${name}";r=${bucket.remaining(nowMs)};t=${Math.max(waitSeconds, nextUnitSeconds)}`;
}

/** What one caller has left under one plan. */
export class Account {
  readonly plan: Plan;
  readonly requests: Bucket;
  readonly cost: Bucket;

  constructor(plan: Plan, payer: string, nowMs: number) {
    this.plan = plan;
    this.requests = new Bucket(plan.requests, `${plan.name} ${payer} requests`, nowMs);
    this.cost = new Bucket(plan.cost, `${plan.name} ${payer} cost`, nowMs);
  }

  /** @throws RequestRefused 429 `RATE_LIMITED` when there is not one request left that may cost so many points. */
  requireRoom(points: number, nowMs: number): void {
    const requestsWait = this.requests.secondsUntil(1, nowMs);
    const costWait = this.cost.secondsUntil(points, nowMs);
    if (requestsWait > 0 || costWait > 0) throw this.#refusal(requestsWait, costWait, nowMs);
  }

  /**
   * Takes one request that may cost so many points.
   * @param besides points that are taken, too, and owed where they are not there: whatever may be asked by its cost can be asked.
   * @throws RequestRefused 429 `RATE_LIMITED` when there is not so much; then nothing is taken.
   */
  charge(points: number, besides: number, nowMs: number): void {
    this.requireRoom(points, nowMs);
    this.requests.take(1, nowMs);
    this.cost.take(points + besides, nowMs);
  }

  /**
   * `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10. The buckets are refilled all the time, so
   * that `t` is the time to the next unit, or to what was asked for where that was refused.
   */
  headers(nowMs: number, requestsWait = 0, costWait = 0): Record<string, string> {
    const { requests, cost } = this;
    return {
      'ratelimit-policy': this.plan.header,
      ratelimit: `${item(requests, requestsWait, nowMs)}, ${item(cost, costWait, nowMs)}`,
    };
  }

  #refusal(requestsWait: number, costWait: number, nowMs: number): RequestRefused {
    const isRequests = requestsWait >= costWait;
    const message = isRequests
      ? 'There were too many requests; wait a moment.'
      : 'The operations were too costly together; wait a moment, or ask for less.';
    const retryAfterSeconds = Math.max(requestsWait, costWait);
    const { name } = (isRequests ? this.requests : this.cost).policy;
    return new RequestRefused(
      429,
      message,
      { code: 'RATE_LIMITED', policy: name, retryAfterSeconds },
      { ...this.headers(nowMs, requestsWait, costWait), 'retry-after': String(retryAfterSeconds) },
    );
  }
}
