import { onBehalfOfSeveral } from '@banyan/kit/database';

/** Loads the values of some keys with one SELECT; a key without a value has no entry. */
export type LoadMany<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

interface Round<Value> {
  readonly keys: Set<string>;
  readonly values: Promise<ReadonlyMap<string, Value>>;
}

/**
 * Readers that share SELECTs: one is under way, and those who arrive meanwhile share the next. So nobody is given an
 * answer of a SELECT that began before the question: a writer's next read includes the write.
 */
export class SharedRead<Value> {
  readonly #load: LoadMany<Value>;
  readonly #maxKeys: number;
  #current: Promise<unknown> = Promise.resolve();
  #next: Round<Value> | null = null;

  /** `maxKeys` bounds one SELECT. */
  constructor(load: LoadMany<Value>, maxKeys: number) {
    this.#load = load;
    this.#maxKeys = maxKeys;
  }

  /** The value of a key as of some moment after this call; undefined when it has none. */
  async read(key: string): Promise<Value | undefined> {
    let round = this.#next;
    if (!round || (round.keys.size >= this.#maxKeys && !round.keys.has(key))) round = this.#open();
    round.keys.add(key);
    return (await round.values).get(key);
  }

  #open(): Round<Value> {
    const keys = new Set<string>();
    const round = { keys, values: this.#run(keys, this.#current) };
    this.#next = round;
    this.#current = round.values.catch(() => undefined);
    return round;
  }

  async #run(keys: ReadonlySet<string>, previous: Promise<unknown>): Promise<ReadonlyMap<string, Value>> {
    await previous;
    // From here on the SELECT is under way: who comes now opens another round.
    if (this.#next?.keys === keys) this.#next = null;
    return onBehalfOfSeveral(() => this.#load([...keys]));
  }
}
