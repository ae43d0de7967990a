const firstPauseMs = 100;
const maxPauseMs = 5_000;

/** How long to wait before another attempt, by how many have failed in a row; spread, so that not all come at once. */
export function pauseAfter(failuresInRow: number): number {
  const pauseMs = Math.min(firstPauseMs * 2 ** (failuresInRow - 1), maxPauseMs);
  return pauseMs * (0.5 + Math.random() / 2);
}
