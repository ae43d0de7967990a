import type { Copy } from './copy.ts';
import { comparePositions, type Position } from './position.ts';

interface Flight {
  readonly position: Position;
  /** Undefined when the read came to nothing. */
  readonly copy: Promise<Copy | undefined>;
}

/** What is being read at this moment, so that many who miss the same copy at once cause one read. */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  /**
   * What is being read under a key; undefined in the end when that came to nothing. A read that began before the latest change
   * that was heard is not joined: it may show what was before.
   */
  join(key: string, position: Position): Promise<Copy | undefined> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || comparePositions(flight.position, position) !== 0) return undefined;
    return flight.copy;
  }

  /** Lets others join a read until it is over. */
  open(key: string, position: Position, copy: Promise<Copy | undefined>): void {
    const landing = copy
      .catch(() => undefined)
      .finally(() => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      });
    const flight: Flight = { position, copy: landing };
    this.#flights.set(key, flight);
  }
}

/** What comes of the reads that were joined; nothing when the time of the one who joined is over first. */
export async function land(
  flights: readonly (Promise<Copy | undefined> | undefined)[],
  deadlineAtMs: number,
): Promise<readonly (Copy | undefined)[]> {
  if (flights.every((flight) => flight === undefined)) return [];
  let timer: NodeJS.Timeout | undefined;
  const timeIsOver = new Promise<[]>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadlineAtMs - Date.now()), []);
  });
  try {
    return await Promise.race([Promise.all(flights.map(async (flight) => flight)), timeIsOver]);
  } finally {
    clearTimeout(timer);
  }
}
