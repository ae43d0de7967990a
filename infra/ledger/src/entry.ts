import type { PreparedTransfer } from './connection.ts';
import type { PostResult } from './types.ts';

/** A transfer on its way, and who waits for it. */
export class Entry {
  readonly input: PreparedTransfer;
  readonly promise: Promise<PostResult>;
  readonly #resolve: (result: PostResult) => void;
  readonly #reject: (error: Error) => void;
  #timer: NodeJS.Timeout | undefined;
  #isSettled = false;

  constructor(input: PreparedTransfer) {
    this.input = input;
    const { promise, resolve, reject } = Promise.withResolvers<PostResult>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get book(): string {
    return this.input.book;
  }

  /** Calls `onDeadline` after so long, unless the caller has had an answer by then. */
  limit(deadlineMs: number, onDeadline: () => void): void {
    this.#timer = setTimeout(onDeadline, deadlineMs);
  }

  /** Nothing happens when the caller has been told that the outcome is unknown. */
  answer(result: PostResult): void {
    clearTimeout(this.#timer);
    this.#isSettled = true;
    this.#resolve(result);
  }

  /** False, and nothing happens, when the caller has had an answer already. */
  fail(error: Error): boolean {
    if (this.#isSettled) return false;
    clearTimeout(this.#timer);
    this.#isSettled = true;
    this.#reject(error);
    return true;
  }
}
