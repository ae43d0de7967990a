/** Age bands, youngest first. */
export const ageBands = ['UNDER_45', 'A45_59', 'A60_69', 'A70_80', 'OVER_80'] as const;
export type AgeBand = (typeof ageBands)[number];

/**
 * The band of the age that a person born in `birthYear` reaches in calendar year `year`. Only the year of birth is
 * known, so a person changes band on New Year's Day.
 */
export function ageBandOf(birthYear: number, year: number): AgeBand {
  const age = year - birthYear;
  if (age < 45) return 'UNDER_45';
  if (age < 60) return 'A45_59';
  if (age < 70) return 'A60_69';
  if (age <= 80) return 'A70_80';
  return 'OVER_80';
}

/** What the one person is to the other: `PARENT` reads "is a parent of". */
export const relations = [
  'SELF',
  'SPOUSE',
  'PARENT',
  'CHILD',
  'GRANDPARENT',
  'GRANDCHILD',
  'SIBLING',
] as const;
export type Relation = (typeof relations)[number];
