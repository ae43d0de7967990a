/** Regions of the cast by share: ISO 3166-2 at home, ISO 3166-1 abroad. */
export const homeRegions = [
  ['CN-GD', 12],
  ['CN-SD', 10],
  ['CN-HA', 9],
  ['CN-JS', 9],
  ['CN-SC', 9],
  ['CN-HE', 7],
  ['CN-HN', 6],
  ['CN-ZJ', 7],
  ['CN-AH', 5],
  ['CN-HB', 6],
  ['CN-BJ', 5],
  ['CN-SH', 5],
  ['CN-LN', 4],
  ['CN-SN', 3],
  ['CN-FJ', 3],
  ['CN-CQ', 3],
  ['CN-YN', 2],
] as const;

export const regionsAbroad = [
  ['SG', 4],
  ['HK', 4],
  ['US', 3],
  ['CA', 2],
  ['AU', 2],
  ['GB', 2],
  ['JP', 1],
] as const;
