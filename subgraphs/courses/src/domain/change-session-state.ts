import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import {
  bumpMicVersion,
  lockSession,
  sessionStates,
  updateSession,
  type LiveSessionRow,
  type SessionState,
} from '../db/live-sessions.ts';
import { findAllActive, updateMicEntries } from '../db/mic-entries.ts';
import { mayBeSeenBy } from './course-states.ts';
import { endTurn } from './end-turn.ts';
import { noSession, onlyInstructor } from './refusals.ts';
import { mayBecome } from './session-states.ts';

const inputShape = z.object({ sessionId: typeId('ses'), state: z.enum(sessionStates) });

/** Begins, ends or cancels a session; to ask for the state that it has changes nothing. */
export async function changeSessionState(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ sessionId: string }> {
  const { sessionId, state } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const session = await lockOwnSession(trx, sessionId, callerId);
    if (session.state === state) return;
    checkMove(session, state);
    const at = now();
    await updateSession(trx, sessionId, { state, ...(state === 'ENDED' && { ended_at: at }) });
    if (state === 'ENDED') await closeQueue(trx, session, at);
  });
  return { sessionId };
}

/** A session of the caller's own course, locked. */
async function lockOwnSession(
  trx: Transaction<Database>,
  sessionId: string,
  callerId: string,
): Promise<LiveSessionRow> {
  const session = await lockSession(trx, sessionId);
  if (session === undefined) throw noSession();
  const course = { state: session.course_state, owner_id: session.owner_id };
  if (!mayBeSeenBy(course, callerId)) throw noSession();
  if (session.owner_id !== callerId) throw onlyInstructor();
  return session;
}

function checkMove(session: LiveSessionRow, to: SessionState): void {
  if (!mayBecome(session.state, to)) {
    throw refuse(
      'INVALID_INPUT',
      {
        en: `A session that is ${session.state} cannot become ${to}.`,
        zh: `直播课不能从 ${session.state} 变为 ${to}。`,
      },
      ['input', 'state'],
    );
  }
  if (to === 'LIVE' && session.course_state !== 'PUBLISHED') {
    throw refuse('INVALID_INPUT', { en: 'Publish the course first.', zh: '请先发布课程。' }, [
      'input',
      'state',
    ]);
  }
}

/** Who speaks has spoken; who waits goes home. */
async function closeQueue(trx: Transaction<Database>, session: LiveSessionRow, at: Date): Promise<void> {
  const active = await findAllActive(trx, session.id);
  const speaker = active.find((entry) => entry.state === 'ON_AIR');
  if (speaker !== undefined) await endTurn(trx, session, speaker, at);
  const waiting = active.filter((entry) => entry.state === 'WAITING').map((entry) => entry.id);
  if (waiting.length > 0) await updateMicEntries(trx, waiting, { state: 'LEFT', ended_at: at });
  if (active.length > 0) await bumpMicVersion(trx, session.id);
}
