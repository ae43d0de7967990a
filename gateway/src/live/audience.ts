import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveResult, Subscriber, SubscriptionEnding } from './subscriber.ts';

/** Subscribers that are told in one turn of the event loop; there may be thousands, and others wait for their answers. */
const maxTellingsPerTurn = 500;

/**
 * How far a subscriber is. `arrived`: waits for a stream that begins after it came. `expecting`: that stream has begun. `due`:
 * its first event is there. `served`: it had a result.
 */
type Progress = 'arrived' | 'expecting' | 'due' | 'served';

/** Those who follow one thing, and how far each of them is. */
export class Audience {
  readonly #progress = new Map<Subscriber, Progress>();

  get isEmpty(): boolean {
    return this.#progress.size === 0;
  }

  add(subscriber: Subscriber): void {
    this.#progress.set(subscriber, 'arrived');
  }

  remove(subscriber: Subscriber): void {
    this.#progress.delete(subscriber);
  }

  /** @returns those who went from one stage to the other. */
  advance(from: Progress, to: Progress): Subscriber[] {
    const moved: Subscriber[] = [];
    for (const [subscriber, progress] of this.#progress) {
      if (progress !== from) continue;
      this.#progress.set(subscriber, to);
      moved.push(subscriber);
    }
    return moved;
  }

  /** Those whose first event is there. */
  due(): Subscriber[] {
    return [...this.#progress].filter(([, progress]) => progress === 'due').map(([subscriber]) => subscriber);
  }

  /** Puts those of some who are still there at another stage. */
  put(some: readonly Subscriber[], progress: Progress): void {
    for (const subscriber of some)
      if (this.#progress.has(subscriber)) this.#progress.set(subscriber, progress);
  }

  /** Tells a result to those of some, or of all, who have been served or are by this. */
  async tell(result: LiveResult, some: readonly Subscriber[] = [...this.#progress.keys()]): Promise<void> {
    for (const [index, subscriber] of some.entries()) {
      if (this.#progress.get(subscriber) === 'served') subscriber.offer(result);
      if (index % maxTellingsPerTurn === maxTellingsPerTurn - 1) await nextTurn();
    }
  }

  /** Tells all of the end; nobody is left. */
  dismiss(ending: SubscriptionEnding): void {
    const all = [...this.#progress.keys()];
    this.#progress.clear();
    for (const subscriber of all) subscriber.end(ending);
  }
}
