/** A raised hand, as far as the order of the queue knows it. */
export interface Hand {
  readonly firstTime: boolean;
  /** Grows with every hand that goes up. */
  readonly ordinal: bigint;
}

/** Those who have not spoken yet come first, then who raised the hand earlier. */
export function compareHands(a: Hand, b: Hand): number {
  if (a.firstTime !== b.firstTime) return a.firstTime ? -1 : 1;
  return a.ordinal < b.ordinal ? -1 : a.ordinal > b.ordinal ? 1 : 0;
}

/** What a turn takes while nobody has had one yet. */
export const usualTurnSeconds = 90;
/** What an instructor gives who does not say. */
export const defaultTurnSeconds = 120;

/**
 * When the person at a position may expect the microphone: the rest of the turn that runs, and an average turn for each who
 * is before.
 */
export function etaSeconds(queue: {
  /** From 1; 0 speaks now. */
  position: number;
  turnLeftSeconds: number;
  averageTurnSeconds: number | null;
}): number {
  if (queue.position === 0) return 0;
  const turnSeconds = queue.averageTurnSeconds ?? usualTurnSeconds;
  return Math.round(Math.max(0, queue.turnLeftSeconds) + (queue.position - 1) * turnSeconds);
}
