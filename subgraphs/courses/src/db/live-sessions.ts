import { keysetPage, keysetPagePerParent, type Page } from '@banyan/kit/database';
import type { Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { CourseState } from './courses.ts';
import type { Database } from './database.ts';

export const sessionStates = ['SCHEDULED', 'LIVE', 'ENDED', 'CANCELLED'] as const;
export type SessionState = (typeof sessionStates)[number];

export interface LiveSessionsTable {
  id: string;
  course_id: string;
  state: Generated<SessionState>;
  starts_at: Date;
  ended_at: Date | null;
  mic_version: Generated<bigint>;
}

/** A session, the state of its course, and the person who teaches it. */
export type LiveSessionRow = Selectable<LiveSessionsTable> & { course_state: CourseState; owner_id: string };

function sessionQuery(db: Kysely<Database>) {
  return db
    .selectFrom('live_sessions')
    .innerJoin('courses', 'courses.id', 'live_sessions.course_id')
    .innerJoin('instructors', 'instructors.id', 'courses.instructor_id')
    .selectAll('live_sessions')
    .select(['courses.state as course_state', 'instructors.user_id as owner_id']);
}

export function findSessions(db: Kysely<Database>, ids: readonly string[]): Promise<LiveSessionRow[]> {
  return sessionQuery(db).where('live_sessions.id', 'in', ids).execute();
}

/** The session, locked against everybody who would change it or its queue. */
export function lockSession(trx: Transaction<Database>, id: string): Promise<LiveSessionRow | undefined> {
  return sessionQuery(trx).where('live_sessions.id', '=', id).forUpdate(['live_sessions']).executeTakeFirst();
}

/** Sessions of published courses in one state: what is over the latest first, everything else the earliest. */
export function findSessionPage(
  db: Kysely<Database>,
  state: SessionState,
  page: { first: number; after: string | null },
): Promise<Page<LiveSessionRow>> {
  const direction = state === 'ENDED' || state === 'CANCELLED' ? 'desc' : 'asc';
  return keysetPage(
    sessionQuery(db).where('live_sessions.state', '=', state).where('courses.state', '=', 'PUBLISHED'),
    {
      ...page,
      orderBy: [
        { column: 'live_sessions.starts_at', direction },
        { column: 'live_sessions.id', direction },
      ],
    },
  );
}

export function findSessionsOfCourses(
  db: Kysely<Database>,
  requests: readonly { parent: string; first: number; after?: string | null | undefined }[],
): Promise<Page<LiveSessionRow>[]> {
  return keysetPagePerParent(db, sessionQuery(db), {
    parentColumn: 'live_sessions.course_id',
    requests,
    orderBy: [
      { column: 'live_sessions.starts_at', direction: 'asc' },
      { column: 'live_sessions.id', direction: 'asc' },
    ],
  });
}

export async function insertSession(
  trx: Transaction<Database>,
  session: Insertable<LiveSessionsTable>,
): Promise<void> {
  await trx.insertInto('live_sessions').values(session).execute();
}

export async function updateSession(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<LiveSessionsTable>,
): Promise<void> {
  await trx.updateTable('live_sessions').set(change).where('id', '=', id).execute();
}

/** Tells that the queue has changed, for those who watch it by version. */
export async function bumpMicVersion(trx: Transaction<Database>, id: string): Promise<void> {
  await trx
    .updateTable('live_sessions')
    .set((update) => ({ mic_version: update('mic_version', '+', 1n) }))
    .where('id', '=', id)
    .execute();
}
