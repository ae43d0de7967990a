/** China has one zone and no summer time, so that midnight in Shanghai is a fixed distance from UTC. */
const shanghaiOffsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** Instants counted from the day of the seed. */
export interface SeedDay {
  /** Midnight in Shanghai at which the day begins. */
  readonly start: Date;
  /** `days` later (negative: earlier), at `hours` o'clock in Shanghai: `at(2, 19.5)` is the day after tomorrow, 19:30. */
  at(days: number, hours?: number): Date;
  /** The calendar day `days` later, YYYY-MM-DD. */
  date(days: number): string;
  /** The calendar year of the day, for ages. */
  readonly year: number;
}

/**
 * The day that all seed data is relative to, so that sessions lie ahead and histories behind whenever it is loaded.
 * `day` is YYYY-MM-DD (the programs pass `SEED_DAY`, which one loader sets for all subgraphs alike); without it, today
 * in Shanghai.
 *
 * @throws RangeError when `day` is no calendar day.
 */
export function seedDay(day?: string, now: Date = new Date()): SeedDay {
  const text = day ?? calendarDay(now.getTime());
  const startMs = Date.parse(`${text}T00:00:00+08:00`);
  if (Number.isNaN(startMs) || calendarDay(startMs) !== text) {
    throw new RangeError(`not a calendar day (YYYY-MM-DD): ${text}`);
  }
  return {
    start: new Date(startMs),
    year: Number(text.slice(0, 4)),
    at: (days, hours = 0) => new Date(startMs + days * dayMs + hours * 3_600_000),
    date: (days) => calendarDay(startMs + days * dayMs),
  };
}

function calendarDay(instantMs: number): string {
  return new Date(instantMs + shanghaiOffsetMs).toISOString().slice(0, 10);
}
