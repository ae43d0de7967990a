import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { bumpMicVersion, lockSession, type LiveSessionRow } from '../db/live-sessions.ts';
import { findMicEntries, findSpeaker, updateMicEntries, type MicEntryRow } from '../db/mic-entries.ts';
import { endTurn } from './end-turn.ts';
import { defaultTurnSeconds } from './mic-queue.ts';
import { notFound, notLive, onlyInstructor } from './refusals.ts';

const inputShape = z.object({
  entryId: typeId('mic'),
  seconds: z
    .int()
    .min(10, 'At least 10 seconds. | 至少 10 秒。')
    .max(900, 'At most 900 seconds. | 最多 900 秒。')
    .nullish(),
});

type Change = (
  trx: Transaction<Database>,
  turn: { session: LiveSessionRow; entry: MicEntryRow; at: Date; callerId: string; seconds: number },
) => Promise<void>;

/** Gives the microphone to one who waits; whoever has it has spoken then. */
export const inviteToMic = changing(async (trx, { session, entry, at, callerId, seconds }) => {
  if (session.owner_id !== callerId) throw onlyInstructor();
  if (session.state !== 'LIVE') throw notLive();
  requireState(entry, ['WAITING']);
  const speaker = await findSpeaker(trx, session.id);
  if (speaker !== undefined) await endTurn(trx, session, speaker, at);
  await updateMicEntries(trx, [entry.id], {
    state: 'ON_AIR',
    on_air_at: at,
    turn_ends_at: new Date(at.getTime() + seconds * 1_000),
  });
});

/** Passes over one who waits, or who was given the microphone and does not speak. */
export const skipMicTurn = changing(async (trx, { session, entry, at, callerId }) => {
  if (session.owner_id !== callerId) throw onlyInstructor();
  requireState(entry, ['WAITING', 'ON_AIR']);
  await updateMicEntries(trx, [entry.id], { state: 'SKIPPED', ended_at: at });
});

/** Ends a turn: the instructor, or who speaks. */
export const endMicTurn = changing(async (trx, { session, entry, at, callerId }) => {
  if (session.owner_id !== callerId && entry.user_id !== callerId) throw onlyInstructor();
  requireState(entry, ['ON_AIR']);
  await endTurn(trx, session, entry, at);
});

/** An action on one entry, under the lock of its session. */
function changing(change: Change) {
  return async (
    { db, now }: Services,
    callerId: string,
    input: unknown,
  ): Promise<{ entryId: string; sessionId: string }> => {
    const { entryId, seconds } = parseInput(inputShape, input);
    return inTransaction(db, async (trx) => {
      const [found] = await findMicEntries(trx, [entryId]);
      const session = found && (await lockSession(trx, found.session_id));
      // Read again: only under the lock is it what it will stay.
      const [entry] = session === undefined ? [] : await findMicEntries(trx, [entryId]);
      if (session === undefined || entry === undefined)
        throw notFound({ en: 'entry', zh: '排队记录' }, 'entryId');
      await change(trx, { session, entry, at: now(), callerId, seconds: seconds ?? defaultTurnSeconds });
      await bumpMicVersion(trx, session.id);
      return { entryId, sessionId: session.id };
    });
  };
}

function requireState(entry: MicEntryRow, states: readonly MicEntryRow['state'][]): void {
  if (states.includes(entry.state)) return;
  throw refuse(
    'INVALID_INPUT',
    { en: `This entry is ${entry.state}.`, zh: `该排队记录的状态为 ${entry.state}。` },
    ['input', 'entryId'],
  );
}
