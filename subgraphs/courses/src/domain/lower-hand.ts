import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse } from '@banyan/kit/graphql';
import type { Services } from '../context.ts';
import { bumpMicVersion, lockSession } from '../db/live-sessions.ts';
import { findActiveEntry, updateMicEntries } from '../db/mic-entries.ts';
import { endTurn } from './end-turn.ts';
import { sessionShape } from './raise-hand.ts';
import { noSession } from './refusals.ts';

/** Leaves the queue, or gives the microphone back. */
export async function lowerHand(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ entryId: string; sessionId: string }> {
  const { sessionId } = parseInput(sessionShape, input);
  const entryId = await inTransaction(db, async (trx) => {
    const session = await lockSession(trx, sessionId);
    if (session === undefined) throw noSession();
    const entry = await findActiveEntry(trx, sessionId, callerId);
    if (entry === undefined) {
      throw refuse('NOT_FOUND', { en: 'Your hand is not up.', zh: '您没有在排队。' }, ['input', 'sessionId']);
    }
    if (entry.state === 'ON_AIR') await endTurn(trx, session, entry, now());
    else await updateMicEntries(trx, [entry.id], { state: 'LEFT', ended_at: now() });
    await bumpMicVersion(trx, sessionId);
    return entry.id;
  });
  return { entryId, sessionId };
}
