import { crafts, type Craft } from '@banyan/vocabulary';
import { counts } from './counts.ts';
import { instructorUser } from './parts.ts';
import { createRandom } from './random.ts';
import { castId } from './seed-id.ts';

/** A teacher, and the station of the same number that is this teacher's community. */
export interface CastInstructor {
  readonly number: number;
  readonly id: `itr_${string}`;
  /** Number of the person who teaches. */
  readonly user: number;
  readonly stationId: `stn_${string}`;
  /** One or two; the first gives the station its colour. */
  readonly crafts: readonly Craft[];
}

export const instructors: readonly CastInstructor[] = Array.from(
  { length: counts.instructors },
  (_, index) => {
    const number = index + 1;
    const random = createRandom(`instructor:${number}`);
    // In turn, so that each craft is taught by several.
    const main = crafts[index % crafts.length] as Craft;
    const other = random.pick(crafts);
    return {
      number,
      id: castId('instructor', number),
      user: instructorUser(number),
      stationId: castId('station', number),
      crafts: other === main || random.chance(0.5) ? [main] : [main, other],
    };
  },
);
