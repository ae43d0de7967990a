/** What makes a topic hot. */
export const heatKinds = ['POST', 'COMMENT', 'PRAISE'] as const;
export type HeatKind = (typeof heatKinds)[number];

/**
 * The published formula (README, "Heat"): an action of weight w that is t hours old counts w × 2^(-t / half-life), and a person
 * counts once per topic and hour, with the weightiest action.
 */
export const heatFormula = {
  weights: { POST: 100, COMMENT: 30, PRAISE: 10 } satisfies Record<HeatKind, number>,
  halfLifeHours: 12,
  /** What is older counts nothing; it would be less than a sixteen-thousandth. */
  windowHours: 168,
  /** Topics that have a rank. */
  ranked: 50,
} as const;

/** How often heat and ranks are reckoned (jobs/hot-search.ts); in between they stand still. */
const heatIntervalMs = 60_000;

/** The minute whose heat is shown at an instant. */
export function heatMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / heatIntervalMs) * heatIntervalMs);
}

/** The hour in which a person counts once. */
export function heatHour(at: Date): Date {
  const hourMs = 3_600_000;
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}
