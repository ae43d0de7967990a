import { shanghaiOffsetMs } from './ages.ts';

const dayMs = 86_400_000;

export function addDays(at: Date, days: number): Date {
  return new Date(at.getTime() + days * dayMs);
}

/**
 * A policy's year: from the midnight (Shanghai) after it was paid until the same calendar day a year later. Cooling-off
 * counts from the start of cover, which is to the holder's advantage.
 */
export function coverDates(
  paidAt: Date,
  coolingOffDays: number,
): { starts_at: Date; ends_at: Date; cooling_off_until: Date } {
  const local = new Date(paidAt.getTime() + shanghaiOffsetMs);
  const midnight = (years: number) =>
    new Date(
      Date.UTC(local.getUTCFullYear() + years, local.getUTCMonth(), local.getUTCDate() + 1) -
        shanghaiOffsetMs,
    );
  const startsAt = midnight(0);
  return { starts_at: startsAt, ends_at: midnight(1), cooling_off_until: addDays(startsAt, coolingOffDays) };
}
