/** How surely a person's legal name is known, weakest first. */
export const realNameLevels = ['NONE', 'TWO_FACTOR', 'THREE_FACTOR', 'FOUR_FACTOR', 'FACE_LIVENESS'] as const;
export type RealNameLevel = (typeof realNameLevels)[number];

/** How far a person's record is trusted, weakest first. */
export const trustBands = ['LOW', 'FAIR', 'GOOD', 'HIGH'] as const;
export type TrustBand = (typeof trustBands)[number];

/** Whether `level` satisfies `required` on a scale listed weakest first, such as `realNameLevels` or `trustBands`. */
export function atLeast<const Level extends string>(
  scale: readonly Level[],
  level: NoInfer<Level>,
  required: NoInfer<Level>,
): boolean {
  return scale.indexOf(level) >= scale.indexOf(required);
}
