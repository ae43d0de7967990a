import type { Copy } from './copy.ts';

/** Notes from which copies the answer to one request was put together. */
export class CopyLog {
  readonly #copies: Copy[] = [];
  #isWhole = true;

  /** Copies that the answer consists of; undefined when something in it was read for this request alone. */
  get copies(): readonly Copy[] | undefined {
    return this.#isWhole ? this.#copies : undefined;
  }

  use(copy: Copy): void {
    this.#copies.push(copy);
  }

  /** Something in the answer is no copy. */
  readAnew(): void {
    this.#isWhole = false;
  }
}
