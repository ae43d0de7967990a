import type { SessionState } from '../db/live-sessions.ts';

const moves: Readonly<Record<SessionState, readonly SessionState[]>> = {
  SCHEDULED: ['LIVE', 'CANCELLED'],
  LIVE: ['ENDED'],
  ENDED: [],
  CANCELLED: [],
};

/** Whether a session may go from one state to another: SCHEDULED → LIVE → ENDED, or SCHEDULED → CANCELLED. */
export function mayBecome(from: SessionState, to: SessionState): boolean {
  return moves[from].includes(to);
}
