import { createLimiter, type Limiter, type RedisConnection } from '@banyan/kit/cache';

const hourInSeconds = 60 * 60;
const dayInSeconds = 24 * hourInSeconds;

/** How often what may be done. */
export interface Limits {
  /** Codes to one phone in a longer while. */
  readonly codes: Limiter;
  /** Codes to one phone in a day: with five guesses each, what somebody who guesses has. */
  readonly codesADay: Limiter;
  /** Codes that one address asks for, whatever the phones. Many people may share it, so it is wide. */
  readonly codesOfAddress: Limiter;
  readonly codesOfAddressADay: Limiter;
  /** Attempts to sign in from one address, whatever the phones. */
  readonly signInsOfAddress: Limiter;
  /** Between two codes to one phone. */
  readonly codePause: Limiter;
  /** Organisations that one person founds. */
  readonly organisations: Limiter;
  /** Roles that one person gives and takes, of which strangers are told. */
  readonly rolesGiven: Limiter;
  /** Consents that one person gives; each is kept and told. */
  readonly consents: Limiter;
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
    codesOfAddress: limit('codes-of-address', 200, 600),
    codesOfAddressADay: limit('codes-of-address-a-day', 2_000, dayInSeconds),
    signInsOfAddress: limit('sign-ins-of-address', 400, 600),
    codePause: limit('code-pause', 1, 30),
    organisations: limit('organisations', 10, dayInSeconds),
    rolesGiven: limit('roles-given', 200, dayInSeconds),
    consents: limit('consents', 50, dayInSeconds),
    relativesAsked: limit('relatives-asked', 10, dayInSeconds),
    relativesOfPhone: limit('relatives-of-phone', 20, dayInSeconds),
    realName: limit('real-name', 10, dayInSeconds),
    looks: limit('looks', 300, hourInSeconds),
    reveals: limit('reveals', 30, hourInSeconds),
  };
}
