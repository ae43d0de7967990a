import { keysetPage, keysetPagePerParent, type Page } from '@banyan/kit/database';
import type { Craft } from '@banyan/vocabulary';
import {
  sql,
  type ColumnType,
  type Generated,
  type Insertable,
  type Kysely,
  type Selectable,
  type SqlBool,
  type Transaction,
  type Updateable,
} from 'kysely';
import { inTitle, matchesTerm } from './course-search.ts';
import type { Database } from './database.ts';

export const courseStates = ['DRAFT', 'PUBLISHED', 'ARCHIVED'] as const;
export type CourseState = (typeof courseStates)[number];

export interface CoursesTable {
  id: string;
  instructor_id: string;
  title: string;
  summary: string;
  keywords: string;
  craft: Craft;
  state: CourseState;
  /** Null: as many as come. */
  capacity: bigint | null;
  enrolled_count: Generated<bigint>;
  created_at: ColumnType<Date, Date | undefined, never>;
  title_text: ColumnType<string, never, never>;
  search_text: ColumnType<string, never, never>;
  search_grams: ColumnType<string[], never, never>;
}

const shown = [
  'courses.id',
  'courses.instructor_id',
  'courses.title',
  'courses.summary',
  'courses.craft',
  'courses.state',
  'courses.capacity',
  'courses.enrolled_count',
  'courses.created_at',
] as const;

/** A course, and the person who teaches it. */
export type CourseRow = Pick<
  Selectable<CoursesTable>,
  | 'id'
  | 'instructor_id'
  | 'title'
  | 'summary'
  | 'craft'
  | 'state'
  | 'capacity'
  | 'enrolled_count'
  | 'created_at'
> & { owner_id: string };

function courseQuery(db: Kysely<Database>) {
  return db
    .selectFrom('courses')
    .innerJoin('instructors', 'instructors.id', 'courses.instructor_id')
    .select(shown)
    .select('instructors.user_id as owner_id');
}

export function findCourses(db: Kysely<Database>, ids: readonly string[]): Promise<CourseRow[]> {
  return courseQuery(db).where('courses.id', 'in', ids).execute();
}

/** The course, locked against everybody who would change its seats. */
export function lockCourse(trx: Transaction<Database>, id: string): Promise<CourseRow | undefined> {
  return courseQuery(trx).where('courses.id', '=', id).forUpdate(['courses']).executeTakeFirst();
}

/** What a learner looks for. */
export interface CatalogueFilter {
  /** Every one of them has to be found; none: everything. */
  terms: readonly string[];
  craft: Craft | null;
  /** With a session that is on, or begins before this. */
  startsBefore: Date | null;
}

function matching(db: Kysely<Database>, filter: CatalogueFilter) {
  let query = courseQuery(db).where('courses.state', '=', 'PUBLISHED');
  if (filter.craft !== null) query = query.where('courses.craft', '=', filter.craft);
  for (const term of filter.terms) query = query.where(matchesTerm(term));
  const { startsBefore } = filter;
  if (startsBefore !== null) {
    query = query.where((course) =>
      course.exists(
        course
          .selectFrom('live_sessions')
          .whereRef('live_sessions.course_id', '=', 'courses.id')
          .where('live_sessions.state', 'in', ['SCHEDULED', 'LIVE'])
          .where('live_sessions.starts_at', '<', startsBefore)
          .select('live_sessions.id'),
      ),
    );
  }
  return query;
}

/** Published courses: those that have all words in the title first, then the newest. */
export function findCatalogue(
  db: Kysely<Database>,
  filter: CatalogueFilter,
  page: { first: number; after: string | null },
): Promise<Page<CourseRow>> {
  const found = matching(db, filter).select(inTitle(filter.terms).as('relevance')).as('found');
  return keysetPage(
    db
      .selectFrom(found)
      .select([
        'found.id',
        'found.instructor_id',
        'found.title',
        'found.summary',
        'found.craft',
        'found.state',
        'found.capacity',
        'found.enrolled_count',
        'found.created_at',
        'found.owner_id',
      ]),
    {
      ...page,
      orderBy: [
        { column: 'found.relevance', direction: 'desc' },
        { column: 'found.created_at', direction: 'desc' },
        { column: 'found.id', direction: 'desc' },
      ],
    },
  );
}

export async function countCatalogue(db: Kysely<Database>, filter: CatalogueFilter): Promise<bigint> {
  const row = await db
    .selectFrom(matching(db, filter).as('found'))
    .select(({ fn }) => fn.countAll<bigint>().as('courses'))
    .executeTakeFirstOrThrow();
  return row.courses;
}

/** An instructor's courses as `callerId` may see them: drafts are the instructor's own. */
const visibleTo = (callerId: string | null) =>
  sql<SqlBool>`(courses.state <> 'DRAFT' or instructors.user_id = ${callerId})`;

export function findCoursesOfInstructors(
  db: Kysely<Database>,
  callerId: string | null,
  requests: readonly { parent: string; first: number; after?: string | null | undefined }[],
): Promise<Page<CourseRow>[]> {
  return keysetPagePerParent(db, courseQuery(db).where(visibleTo(callerId)), {
    parentColumn: 'courses.instructor_id',
    requests,
    orderBy: [
      { column: 'courses.created_at', direction: 'desc' },
      { column: 'courses.id', direction: 'desc' },
    ],
  });
}

export function countCoursesOfInstructors(
  db: Kysely<Database>,
  callerId: string | null,
  ids: readonly string[],
): Promise<{ parent: string; total: bigint }[]> {
  return db
    .selectFrom('courses')
    .innerJoin('instructors', 'instructors.id', 'courses.instructor_id')
    .where('courses.instructor_id', 'in', ids)
    .where(visibleTo(callerId))
    .groupBy('courses.instructor_id')
    .select(({ fn }) => ['courses.instructor_id as parent', fn.countAll<bigint>().as('total')])
    .execute();
}

export async function insertCourse(
  trx: Transaction<Database>,
  course: Insertable<CoursesTable>,
): Promise<void> {
  await trx.insertInto('courses').values(course).execute();
}

export async function updateCourseRow(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<CoursesTable>,
): Promise<void> {
  await trx.updateTable('courses').set(change).where('id', '=', id).execute();
}

/** Counts seats that were taken (or given back, when negative). */
export async function addEnrolled(trx: Transaction<Database>, id: string, seats: bigint): Promise<void> {
  await trx
    .updateTable('courses')
    .set((update) => ({ enrolled_count: update('enrolled_count', '+', seats) }))
    .where('id', '=', id)
    .execute();
}
