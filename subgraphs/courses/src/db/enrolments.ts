import { keysetPage, type Page } from '@banyan/kit/database';
import {
  sql,
  type ColumnType,
  type GeneratedAlways,
  type Kysely,
  type Selectable,
  type Transaction,
} from 'kysely';
import type { Database } from './database.ts';

export const enrolmentStates = ['ENROLLED', 'WAITLISTED', 'LEFT'] as const;
export type EnrolmentState = (typeof enrolmentStates)[number];

/** One person in one course, whatever became of it. */
export interface EnrolmentsTable {
  id: string;
  course_id: string;
  user_id: string;
  state: EnrolmentState;
  /** Place in the waitlist by comparison. */
  waitlist_ticket: GeneratedAlways<bigint>;
  created_at: ColumnType<Date, Date | undefined, Date>;
}
export type EnrolmentRow = Selectable<EnrolmentsTable>;

export function findEnrolments(db: Kysely<Database>, ids: readonly string[]): Promise<EnrolmentRow[]> {
  return db.selectFrom('enrolments').selectAll().where('id', 'in', ids).execute();
}

export function findEnrolmentsOf(
  db: Kysely<Database>,
  userId: string,
  courseIds: readonly string[],
): Promise<EnrolmentRow[]> {
  return db
    .selectFrom('enrolments')
    .selectAll()
    .where('user_id', '=', userId)
    .where('course_id', 'in', courseIds)
    .execute();
}

export function findEnrolmentPage(
  db: Kysely<Database>,
  filter: { userId: string; state: EnrolmentState | null },
  page: { first: number; after: string | null },
): Promise<Page<EnrolmentRow>> {
  let query = db.selectFrom('enrolments').selectAll('enrolments').where('user_id', '=', filter.userId);
  if (filter.state !== null) query = query.where('state', '=', filter.state);
  return keysetPage(query, {
    ...page,
    orderBy: [
      { column: 'enrolments.created_at', direction: 'desc' },
      { column: 'enrolments.id', direction: 'desc' },
    ],
  });
}

/** Places in the waitlists, the first is 1; who does not wait has none. */
export function findWaitlistPlaces(
  db: Kysely<Database>,
  enrolmentIds: readonly string[],
): Promise<{ id: string; place: bigint }[]> {
  return db
    .selectFrom('enrolments as own')
    .where('own.id', 'in', enrolmentIds)
    .where('own.state', '=', 'WAITLISTED')
    .select([
      'own.id',
      sql<bigint>`(select count(*) from enrolments waiting where waiting.course_id = own.course_id
        and waiting.state = 'WAITLISTED' and waiting.waitlist_ticket <= own.waitlist_ticket)`.as('place'),
    ])
    .execute();
}

/** Enters a person into a course, or anew after leaving; the waitlist ticket is a new one in both cases. */
export function putEnrolment(
  trx: Transaction<Database>,
  enrolment: Pick<EnrolmentRow, 'id' | 'course_id' | 'user_id' | 'state' | 'created_at'>,
): Promise<EnrolmentRow> {
  return trx
    .insertInto('enrolments')
    .values(enrolment)
    .onConflict((conflict) =>
      conflict.constraint('enrolments_course_user_key').doUpdateSet({
        state: enrolment.state,
        created_at: enrolment.created_at,
        waitlist_ticket: sql`default`,
      } as never),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function setEnrolmentState(
  trx: Transaction<Database>,
  id: string,
  state: EnrolmentState,
): Promise<EnrolmentRow> {
  return trx
    .updateTable('enrolments')
    .set({ state })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Gives seats to the first of the waitlist (all of them when `seats` is null); the course is locked. */
export function promoteFirst(
  trx: Transaction<Database>,
  courseId: string,
  seats: bigint | null,
): Promise<EnrolmentRow[]> {
  return trx
    .updateTable('enrolments')
    .set({ state: 'ENROLLED' })
    .where('id', 'in', (enrolments) =>
      enrolments
        .selectFrom('enrolments as waiting')
        .where('waiting.course_id', '=', courseId)
        .where('waiting.state', '=', 'WAITLISTED')
        .orderBy('waiting.waitlist_ticket')
        .limit(seats)
        .select('waiting.id'),
    )
    .returningAll()
    .execute();
}
