/** How long those who arrive wait for the run before theirs, in milliseconds. */
const maxGatheringMs = 20;

interface Place<Value> {
  /** The run that has not begun yet; whoever comes joins it. */
  gathering: Promise<Value> | undefined;
  /** The latest run that has begun. */
  underWay: Promise<unknown> | undefined;
}

/**
 * Runs for many who want the same. One who comes joins a run that has not begun yet, never one that has: its answer may be
 * older than what the one who comes has seen already, such as the own gift. While a run is under way the next one gathers.
 */
export class SharedRuns<Value> {
  readonly #places = new Map<string, Place<Value>>();
  readonly #onJoin: () => void;

  constructor(onJoin: () => void) {
    this.#onJoin = onJoin;
  }

  run(key: string, start: () => Promise<Value>): Promise<Value> {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = { gathering: undefined, underWay: undefined };
      this.#places.set(key, place);
    }
    if (place.gathering !== undefined) this.#onJoin();
    else place.gathering = this.#gather(key, place, start);
    return place.gathering;
  }

  async #gather(key: string, place: Place<Value>, start: () => Promise<Value>): Promise<Value> {
    // At least all that arrives in this turn of the event loop goes together.
    await (place.underWay === undefined ? turn() : Promise.race([place.underWay, pause()]));
    place.gathering = undefined;
    const run = start();
    const over = run.catch(() => undefined);
    place.underWay = over;
    void over.then(() => {
      if (place.underWay === over) place.underWay = undefined;
      if (place.underWay === undefined && place.gathering === undefined) this.#places.delete(key);
    });
    return run;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, maxGatheringMs);
  });
}
