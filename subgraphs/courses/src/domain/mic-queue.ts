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
