/**
 * What is read later than it is written, of which only the newest counts: a value that was not read yet is replaced by the
 * next one. One reader; it ends when either side says so.
 */
export class Latest<Value> implements AsyncIterableIterator<Value> {
  readonly #ended: () => void;
  #unread: { value: Value } | undefined;
  #waiting: ((result: IteratorResult<Value>) => void) | undefined;
  #done = false;

  /** @param ended called once, when either side ends it. */
  constructor(ended: () => void = () => undefined) {
    this.#ended = ended;
  }

  /** Writes a value; gives false when it took the place of one that nobody had read. */
  put(value: Value): boolean {
    if (this.#done) return true;
    if (this.#waiting !== undefined) {
      const give = this.#waiting;
      this.#waiting = undefined;
      give({ done: false, value });
      return true;
    }
    const isFirst = this.#unread === undefined;
    this.#unread = { value };
    return isFirst;
  }

  next(): Promise<IteratorResult<Value>> {
    if (this.#unread !== undefined) {
      const { value } = this.#unread;
      this.#unread = undefined;
      return Promise.resolve({ done: false, value });
    }
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Ends it for both sides; a reader that waits is told at once. */
  return(): Promise<IteratorResult<Value>> {
    if (!this.#done) {
      this.#done = true;
      this.#unread = undefined;
      this.#waiting?.({ done: true, value: undefined });
      this.#waiting = undefined;
      this.#ended();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
