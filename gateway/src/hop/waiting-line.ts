import { maxHopOperations } from '@banyan/kit/hop';
import { HopFailure } from './hop-failure.ts';
import { PendingOperation, type Question, type Waiter } from './pending.ts';

/** Characters of the operations of one hop; a subgraph takes 8 MiB, and a character has up to three bytes. */
const maxHopCharacters = 2_000_000;
/** How often a line that does not move is looked at for those whose time is over. */
const lookMs = 50;

export interface WaitingLineOptions {
  /** Whether every process that takes work has as many hops as it may have. */
  isFull(): boolean;
  /** Sends one hop; settles when it is over. */
  send(hop: readonly PendingOperation[]): Promise<void>;
  /** Called for one who joins a read that was waiting already. */
  onJoined(): void;
}

/**
 * Operations that wait for their hop: to the end of this turn of the event loop, so that those which are ready together travel
 * together, and beyond it while no process has room. Then what gathers meanwhile goes as one when a hop is over: the fuller it
 * is, the more a hop carries.
 *
 * Who asks what another asks already waits for the same answer, as long as it was not sent: what is read after both have asked
 * is never older than what either of them has seen.
 */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  #waiting: PendingOperation[] = [];
  /** Of those the ones that others may join. */
  readonly #open = new Map<string, PendingOperation>();
  #isScheduled = false;
  #look: NodeJS.Timeout | undefined;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  /** @returns what the one who asks waits for. */
  add(waiter: Waiter, question: Question): PendingOperation {
    const { key } = question;
    const same = key === null ? undefined : this.#open.get(key);
    if (same?.join(waiter) === true) {
      this.#options.onJoined();
      return same;
    }
    const operation = new PendingOperation(waiter, question);
    if (key !== null) this.#open.set(key, operation);
    this.#waiting.push(operation);
    this.#schedule();
    return operation;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After the I/O of this turn. With 64 clients a hop carries some 20 operations, at half the CPU of both sides against a
    // microtask, which carries 1.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  /** Nothing is sent any more; who still waits is told. */
  close(): void {
    clearTimeout(this.#look);
    this.#open.clear();
    const failure = new HopFailure('unavailable', false, 'The edge is ending.');
    for (const operation of this.#waiting.splice(0)) operation.settle(failure);
  }

  #flush(): void {
    clearTimeout(this.#look);
    this.#settleLate();
    const goOn = () => {
      if (this.#waiting.length > 0) this.#flush();
    };
    let sent = 0;
    while (sent < this.#waiting.length && !this.#options.isFull()) {
      const hop = this.#nextHop(sent);
      sent += hop.length;
      for (const operation of hop) this.#close(operation);
      this.#options.send(hop).then(goOn, goOn);
    }
    this.#waiting = this.#waiting.slice(sent);
    if (this.#waiting.length === 0) return;
    this.#look = setTimeout(() => {
      this.#flush();
    }, lookMs);
  }

  /** Nobody joins it any more. */
  #close(operation: PendingOperation): void {
    const { key } = operation;
    if (key !== null && this.#open.get(key) === operation) this.#open.delete(key);
  }

  #settleLate(): void {
    const now = Date.now();
    for (const operation of this.#waiting) operation.settleLate(now, false);
    this.#waiting = this.#waiting.filter((operation) => {
      if (operation.done) this.#close(operation);
      return !operation.done;
    });
  }

  /** As many from a place on as one hop carries, for no more who wait than that, and at least one. */
  #nextHop(from: number): PendingOperation[] {
    let characters = 0;
    let waiters = 0;
    let to = from;
    for (const operation of this.#waiting.slice(from, from + maxHopOperations)) {
      waiters += operation.waiters;
      if (to > from && waiters > maxHopOperations) break;
      // Only now: nobody joins it once its text is taken.
      characters += operation.text.length;
      if (to > from && characters > maxHopCharacters) break;
      to += 1;
    }
    return this.#waiting.slice(from, to);
  }
}
