import { sql } from 'kysely';

/** When the sweep looks again at a row with a column `looks`: after 30 s, 1 min, 2 min, …, an hour at most. */
export function nextLook(now: Date) {
  return sql<Date>`${now}::timestamptz + least(interval '30 seconds' * power(2, least(looks, 10)), interval '1 hour')`;
}
