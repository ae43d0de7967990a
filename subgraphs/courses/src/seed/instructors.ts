import { instructors, personOf, type SeedDay } from '@banyan/seed';
import type { Insertable } from 'kysely';
import type { InstructorsTable } from '../db/instructors.ts';
import type { StationsTable } from '../db/stations.ts';
import { craftWords } from './words.ts';

export function instructorRows(day: SeedDay): Insertable<InstructorsTable>[] {
  return instructors.map((instructor) => {
    const person = personOf(instructor.user);
    const [main] = instructor.crafts;
    const words = craftWords[main ?? 'OTHER'];
    const years = 2 + (instructor.number % 28);
    return {
      id: instructor.id,
      user_id: person.id,
      bio:
        person.language === 'en'
          ? `Has taught ${words.english} for ${years} years, to beginners above all.`
          : `教${words.chinese}${years}年，专带零基础的同学。慢慢来，不比较，学会为止。`,
      crafts: [...instructor.crafts],
      verified_at: day.at(-390 + (instructor.number % 30), 10),
      created_at: day.at(-395, 9),
    };
  });
}

export type SeedStation = Required<
  Pick<Insertable<StationsTable>, 'id' | 'instructor_id' | 'name' | 'slow_mode_seconds' | 'member_count'>
>;

export function stationRows(members: readonly { station_id: string }[]): SeedStation[] {
  const counts = Map.groupBy(members, (member) => member.station_id);
  return instructors.map((instructor) => {
    const person = personOf(instructor.user);
    const words = craftWords[instructor.crafts[0] ?? 'OTHER'];
    const name =
      person.language === 'en'
        ? `${person.displayName}’s ${words.english} station`
        : `${person.displayName}的${words.chinese}小站`;
    return {
      id: instructor.stationId,
      instructor_id: instructor.id,
      name,
      member_count: BigInt(counts.get(instructor.stationId)?.length ?? 0),
      slow_mode_seconds: instructor.number % 9 === 0 ? 30 : 0,
    };
  });
}
