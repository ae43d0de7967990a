import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import type { LiveSessionRow } from '../db/live-sessions.ts';
import { updateMicEntries, type MicEntryRow } from '../db/mic-entries.ts';

/** Ends the turn of who speaks, and tells that this person has spoken. The session is locked. */
export async function endTurn(
  trx: Transaction<Database>,
  session: LiveSessionRow,
  entry: MicEntryRow,
  at: Date,
): Promise<void> {
  await updateMicEntries(trx, [entry.id], { state: 'DONE', ended_at: at });
  await appendEvents(trx, [
    {
      type: 'session.spoke',
      subject: session.id,
      payload: { userId: entry.user_id, sessionId: session.id, courseId: session.course_id },
    },
  ]);
}
