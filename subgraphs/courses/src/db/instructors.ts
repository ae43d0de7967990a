import type { Craft } from '@banyan/vocabulary';
import type { ColumnType, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface InstructorsTable {
  id: string;
  user_id: string;
  bio: string;
  crafts: Craft[];
  /** Null: may not teach yet. */
  verified_at: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type InstructorRow = Selectable<InstructorsTable>;

export function findInstructors(db: Kysely<Database>, ids: readonly string[]): Promise<InstructorRow[]> {
  return db.selectFrom('instructors').selectAll().where('id', 'in', ids).execute();
}

export function findInstructorsOfUsers(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<InstructorRow[]> {
  return db.selectFrom('instructors').selectAll().where('user_id', 'in', userIds).execute();
}

/** How many different people learn with each instructor. */
export function countLearners(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<{ instructor_id: string; learners: bigint }[]> {
  return db
    .selectFrom('courses')
    .innerJoin('enrolments', 'enrolments.course_id', 'courses.id')
    .where('courses.instructor_id', 'in', ids)
    .where('enrolments.state', '=', 'ENROLLED')
    .groupBy('courses.instructor_id')
    .select(['courses.instructor_id', sql<bigint>`count(distinct enrolments.user_id)`.as('learners')])
    .execute();
}
