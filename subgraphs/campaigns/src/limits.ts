import { createLimiter, type Limiter, type RedisConnection } from '@banyan/kit/cache';

/** How often what may be done. */
export interface Limits {
  /** Campaigns that one person submits: each is work for three reviewers. */
  readonly submissions: Limiter;
}

const dayInSeconds = 24 * 60 * 60;

export function createLimits(redis: RedisConnection): Limits {
  const windowSeconds = dayInSeconds;
  return {
    submissions: createLimiter({ redis, prefix: 'campaigns:submissions:', maxAttempts: 20, windowSeconds }),
  };
}
