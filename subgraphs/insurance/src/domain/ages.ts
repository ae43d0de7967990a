import type { AgeBand } from '@banyan/vocabulary';

/** The age that a person reaches in the calendar year; only the year of birth is known. */
export function ageOf(birthYear: number, now: Date): number {
  return calendarYear(now) - birthYear;
}

/** The calendar year in Shanghai, where every product's year begins and ends. */
export function calendarYear(now: Date): number {
  return new Date(now.getTime() + shanghaiOffsetMs).getUTCFullYear();
}

/** China has one zone and no summer time. */
export const shanghaiOffsetMs = 8 * 3_600_000;

const adult = { youngest: 18, oldest: 100 };

const bandAges: Readonly<Record<AgeBand, readonly [youngest: number, oldest: number]>> = {
  UNDER_45: [adult.youngest, 44],
  A45_59: [45, 59],
  A60_69: [60, 69],
  A70_80: [70, 80],
  OVER_80: [81, adult.oldest],
};

/** Whether everybody of the band may come; of an unknown band, whether every adult may. */
export function coversBand(ages: { age_min: number; age_max: number }, band: AgeBand | null): boolean {
  const [youngest, oldest] = band === null ? [adult.youngest, adult.oldest] : bandAges[band];
  return ages.age_min <= youngest && ages.age_max >= oldest;
}
