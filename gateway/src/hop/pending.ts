import { maxHopOperations } from '@banyan/kit/hop';
import type { SubgraphAnswer } from './answer.ts';
import { HopFailure } from './hop-failure.ts';

/** Those who may wait for one operation: all of them go on in the turn of the event loop in which its answer comes. */
const maxWaiters = maxHopOperations;

/** What an operation travels in. */
export interface Carrier {
  /** Ends it when nobody waits for its answer any longer. */
  endIfDone(): void;
}

/** One who waits for the answer to an operation. */
export interface Waiter {
  readonly deadlineAtMs: number;
  /** Called once. An answer may be given to several, so nobody changes it. */
  settle(outcome: SubgraphAnswer | HopFailure): void;
}

/** What is asked. */
export interface Question {
  /** Reads with the same key ask the same in the same name; null for what nobody may share. */
  readonly key: string | null;
  /** Whether it has no effect, so that it may be sent a second time. */
  readonly canRepeat: boolean;
  /** Gives the JSON text of the operation as it travels. */
  write(deadlineAtMs: number): string;
}

/**
 * An operation that waits for its answer, for one or for several who ask the same. Until its text is taken others may join.
 * Each who waits is settled once; what comes later is ignored.
 */
export class PendingOperation {
  /** See `Question`. */
  readonly key: string | null;
  /** Whether it may be sent a second time: it has no effect, and was not sent twice yet. */
  canRepeat: boolean;
  /** Hops that it is part of: one, or two where the first hangs. */
  readonly carriers: Carrier[] = [];
  readonly #question: Question;
  #text: string | undefined;
  #waiters: Waiter[];
  #isAbandoned = false;

  constructor(waiter: Waiter, question: Question) {
    this.#waiters = [waiter];
    this.#question = question;
    this.key = question.key;
    this.canRepeat = question.canRepeat;
  }

  /** Waits for the same answer; false where the operation has left, everybody has left it, or enough wait for it. */
  join(waiter: Waiter): boolean {
    if (this.#text !== undefined || this.done || this.#waiters.length >= maxWaiters) return false;
    this.#waiters.push(waiter);
    return true;
  }

  /** JSON text of the operation as it travels; it leaves with it. */
  get text(): string {
    this.#text ??= this.#question.write(this.deadlineAtMs);
    return this.#text;
  }

  /** How many wait for it. */
  get waiters(): number {
    return this.#waiters.length;
  }

  /** Whether nobody waits any longer. */
  get done(): boolean {
    return this.#waiters.length === 0;
  }

  /** When the last of those who wait gives up. */
  get deadlineAtMs(): number {
    let latest = 0;
    for (const { deadlineAtMs } of this.#waiters) latest = Math.max(latest, deadlineAtMs);
    return latest;
  }

  /** Whether nobody waits since the last client went, before the answer came. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** The client of one who waits has gone. */
  abandon(waiter: Waiter): void {
    if (!this.#waiters.includes(waiter)) return;
    this.#waiters = this.#waiters.filter((each) => each !== waiter);
    waiter.settle(new HopFailure('abandoned', true, 'The client has gone.'));
    if (!this.done) return;
    this.#isAbandoned = true;
    for (const carrier of this.carriers) carrier.endIfDone();
  }

  /**
   * Settles those whose deadline has passed.
   * @returns the next deadline; infinity where nobody waits any longer.
   */
  settleLate(nowMs: number, wasSent: boolean): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { deadlineAtMs } of this.#waiters) next = Math.min(next, deadlineAtMs);
    if (next > nowMs) return next;
    const isLate = ({ deadlineAtMs }: Waiter) => deadlineAtMs <= nowMs;
    const late = this.#waiters.filter(isLate);
    this.#waiters = this.#waiters.filter((waiter) => !isLate(waiter));
    for (const waiter of late) waiter.settle(new HopFailure('late', wasSent, 'The deadline has passed.'));
    return this.settleLate(nowMs, wasSent);
  }

  settle(outcome: SubgraphAnswer | HopFailure): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.settle(outcome);
  }
}
