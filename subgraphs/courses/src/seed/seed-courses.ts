import { inTransaction, insertMany } from '@banyan/kit/database';
import type { SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import { reckonHeat } from '../db/heat.ts';
import { heatMinute } from '../domain/heat-formula.ts';
import { courseRows } from './courses.ts';
import { enrolmentRows } from './enrolments.ts';
import { heatMarkRows } from './heat-marks.ts';
import { instructorRows, stationRows } from './instructors.ts';
import { writeOutbox } from './outbox.ts';
import { postRows } from './posts.ts';
import { sessionRows } from './sessions.ts';

/** When heat is reckoned on the way to the present, so that topics have peaks behind them; hours before it. */
const reckonedHoursAgo = [72, 48, 30, 20, 12, 6, 2, 0];

/** Everything of this subgraph, as of now or of the end of the day of the seed, whichever is earlier. */
export async function seedCourses(db: Kysely<Database>, day: SeedDay, now = new Date()): Promise<void> {
  const asOf = new Date(Math.min(now.getTime(), day.at(1).getTime()));
  const courses = courseRows(day);
  const { enrolments, members, enrolledCounts } = enrolmentRows(courses, asOf);
  const stations = stationRows(members);
  const { posts, praises, topics, postTopics, stationTopics } = postRows(stations, members, asOf);
  const { sessions, micEntries } = sessionRows(courses, enrolments, day, asOf);

  await inTransaction(db, async (trx) => {
    await insertMany(trx, 'instructors', instructorRows(day));
    await insertMany(trx, 'stations', stations);
    await insertMany(trx, 'station_members', members);
    await insertMany(
      trx,
      'courses',
      courses.map((course) => ({ ...course, enrolled_count: enrolledCounts.get(course.id) ?? 0n })),
    );
    await insertMany(trx, 'enrolments', enrolments);
    await insertMany(trx, 'live_sessions', sessions);
    await insertMany(trx, 'mic_entries', micEntries);
    await insertMany(trx, 'posts', posts);
    await insertMany(trx, 'praises', praises);
    await insertMany(trx, 'topics', topics);
    await insertMany(trx, 'post_topics', postTopics);
    await insertMany(trx, 'station_topics', stationTopics);
    await insertMany(trx, 'heat_marks', heatMarkRows(posts, praises, postTopics));
    await writeOutbox(trx, courses, enrolments);
    for (const hoursAgo of reckonedHoursAgo)
      await reckonHeat(trx, heatMinute(new Date(asOf.getTime() - hoursAgo * 3_600_000)));
  });
}
