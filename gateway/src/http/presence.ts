import type { ServerResponse } from 'node:http';

/** Whether a client still waits for its answer, as its connection tells. Every request has one, so it is less than a signal. */
export class Presence {
  #isGone = false;
  readonly #listeners = new Set<() => void>();

  /** Of the client that waits for this response, or did: it may have gone while it was looked at who it is. */
  static at(response: ServerResponse): Presence {
    const presence = new Presence();
    if (response.destroyed) {
      presence.leave();
      return presence;
    }
    response.once('close', () => {
      if (!response.writableEnded) presence.leave();
    });
    return presence;
  }

  /** The client is gone. */
  leave(): void {
    this.#isGone = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Calls `listener` when the client, which is still there, goes.
   * @returns what makes it forget the listener.
   */
  whenGone(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
