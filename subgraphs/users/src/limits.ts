import { createLimiter, type Limiter, type RedisConnection } from '@banyan/kit/cache';

const hourInSeconds = 60 * 60;
const dayInSeconds = 24 * hourInSeconds;

/** How often what may be done. */
export interface Limits {
  /** Codes to one phone in a longer while. */
  readonly codes: Limiter;
  /** Codes to one phone in a day: with five guesses each, what somebody who guesses has. */
  readonly codesADay: Limiter;
  /** Between two codes to one phone. */
  readonly codePause: Limiter;
  /** Organisations that one person founds. */
  readonly organisations: Limiter;
  /** Roles that one person gives and takes, of which strangers are told. */
  readonly rolesGiven: Limiter;
  /** Kinships that one person asks to have confirmed. */
  readonly relativesAsked: Limiter;
  /** Kinships that are asked of one phone. */
  readonly relativesOfPhone: Limiter;
  /** Names that one person has checked. */
  readonly realName: Limiter;
  /** Looks of one member of staff at people. */
  readonly looks: Limiter;
  /** Clear values given to one member of staff. */
  readonly reveals: Limiter;
}

export function createLimits(redis: RedisConnection): Limits {
  const limit = (name: string, maxAttempts: number, windowSeconds: number) =>
    createLimiter({ redis, prefix: `users:${name}:`, maxAttempts, windowSeconds });
  return {
    codes: limit('codes', 5, 600),
    codesADay: limit('codes-a-day', 20, dayInSeconds),
    codePause: limit('code-pause', 1, 30),
    organisations: limit('organisations', 10, dayInSeconds),
    rolesGiven: limit('roles-given', 200, dayInSeconds),
    relativesAsked: limit('relatives-asked', 10, dayInSeconds),
    relativesOfPhone: limit('relatives-of-phone', 20, dayInSeconds),
    realName: limit('real-name', 10, dayInSeconds),
    looks: limit('looks', 300, hourInSeconds),
    reveals: limit('reveals', 30, hourInSeconds),
  };
}
