import { z } from 'zod';

/** The most seats that a course has. */
const maxCapacity = 1_000_000;

export const capacity = z
  .int()
  .min(1, 'At least 1, or leave it out. | 至少为 1，或省略此项。')
  .max(maxCapacity, `At most ${maxCapacity}. | 最多 ${maxCapacity}。`);

export const titleCharacters = 60;
export const summaryCharacters = 1_000;
