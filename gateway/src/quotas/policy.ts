/** How much of something a caller may use: a bucket that holds a minute's worth and is refilled all the time. */
export interface Policy {
  /** As clients see it in `RateLimit-Policy`. */
  readonly name: string;
  /** What the bucket holds when it is full, which is what it may give at once. */
  readonly capacity: number;
  readonly perSecond: number;
  /** Seconds until there is at least one unit more. */
  readonly nextUnitSeconds: number;
  /** Its item in `RateLimit-Policy`. */
  readonly header: string;
}

const windowSeconds = 60;

/** A policy of so many units a minute. `unit` names units that are not requests. */
export function policyOf(name: string, perMinute: number, unit?: string): Policy {
  const perSecond = perMinute / windowSeconds;
  const unitParameter = unit === undefined ? '' : `;qu="${unit}"`;
  return {
    name,
    capacity: perMinute,
    perSecond,
    nextUnitSeconds: Math.ceil(1 / perSecond),
    header: `"${name}";q=${perMinute};w=${windowSeconds}${unitParameter}`,
  };
}
