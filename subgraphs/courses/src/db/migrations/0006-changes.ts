import type { MigrationContext } from '@banyan/kit/database';
import { announceChanges, changesMigration } from '@banyan/kit/events';
import type { Kysely } from 'kysely';

/** Rows by which what anybody may see is seen to change (src/public-copies.ts). */
export async function up(db: Kysely<unknown>, context: MigrationContext): Promise<void> {
  await changesMigration.up(db, context);
  await announceChanges(db, {
    type: 'Course',
    table: 'courses',
    key: 'id',
    columns: [
      'instructor_id',
      'title',
      'summary',
      'keywords',
      'craft',
      'state',
      'capacity',
      'enrolled_count',
    ],
  });
  await announceChanges(db, {
    type: 'Course',
    table: 'live_sessions',
    key: 'course_id',
    columns: ['course_id', 'state', 'starts_at'],
  });
  await announceChanges(db, {
    type: 'LiveSession',
    table: 'live_sessions',
    key: 'id',
    columns: ['course_id', 'state', 'starts_at', 'ended_at'],
  });
  await announceChanges(db, { type: 'Instructor', table: 'instructors', key: 'id' });
  await announceChanges(db, {
    type: 'Station',
    table: 'stations',
    key: 'id',
    columns: ['name', 'instructor_id', 'slow_mode_seconds', 'member_count'],
  });
}
