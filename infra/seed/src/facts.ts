import { nameOf, type BilingualName, type Gender } from './names.ts';
import { hasPart } from './parts.ts';
import { createRandom } from './random.ts';
import { homeRegions, regionsAbroad } from './regions.ts';

/** What is settled about a person before anything that a person chooses. */
export interface Facts {
  readonly name: BilingualName;
  readonly gender: Gender;
  readonly birthYear: number;
  readonly regionCode: string;
  readonly language: 'zh' | 'en';
}

/** Somebody who is nobody's relative. */
export function strangerFacts(number: number): Facts {
  const random = createRandom(`facts:${number}`);
  const gender: Gender = random.chance(0.62) ? 'F' : 'M';
  // Most are retired. Who has a part to play lives at home, where the law that the part needs applies.
  const birthYear = random.chance(0.8) ? random.int(1941, 1966) : random.int(1967, 1985);
  const abroad = random.chance(0.07) && !hasPart(number);
  return {
    name: nameOf(random, { gender, birthYear, abroad }),
    gender,
    birthYear,
    regionCode: random.weighted<string>(abroad ? regionsAbroad : homeRegions),
    language: abroad && random.chance(0.6) ? 'en' : 'zh',
  };
}
