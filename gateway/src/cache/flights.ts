import type { Copy } from './copy.ts';
import { comparePositions, type Position } from './position.ts';

interface Flight {
  readonly position: Position;
  readonly copy: Promise<Copy | undefined>;
}

/** What is being read at this moment, so that many who miss the same copy at once cause one read. */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  /**
   * What is being read under a key. A read that began before the latest change that was heard is not joined: it may show
   * what was before.
   */
  join(key: string, position: Position): Promise<Copy | undefined> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || comparePositions(flight.position, position) !== 0) return undefined;
    return flight.copy;
  }

  /** Lets others join a read until it is over. */
  open(key: string, position: Position, copy: Promise<Copy | undefined>): void {
    const flight: Flight = { position, copy };
    this.#flights.set(key, flight);
    const close = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    copy.then(close, close);
  }
}
