import { maxHopOperations } from '@banyan/kit/hop';
import { HopFailure } from './hop-failure.ts';
import type { PendingOperation } from './pending.ts';

/** Characters of the operations of one hop; a subgraph takes 8 MiB, and a character has up to three bytes. */
const maxHopCharacters = 2_000_000;
/** How often a line that does not move is looked at for those whose time is over. */
const lookMs = 50;

export interface WaitingLineOptions {
  /** Whether every process that takes work has as many hops as it may have. */
  isFull(): boolean;
  /** Sends one hop; settles when it is over. */
  send(hop: readonly PendingOperation[]): Promise<void>;
}

/**
 * Operations that wait for their hop: to the end of this turn of the event loop, so that those which are ready together travel
 * together, and beyond it while no process has room. Then what gathers meanwhile goes as one when a hop is over: the fuller it
 * is, the more a hop carries.
 */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  #waiting: PendingOperation[] = [];
  #isScheduled = false;
  #look: NodeJS.Timeout | undefined;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  add(operation: PendingOperation): void {
    this.#waiting.push(operation);
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
      this.#options.send(hop).then(goOn, goOn);
    }
    this.#waiting = this.#waiting.slice(sent);
    if (this.#waiting.length === 0) return;
    this.#look = setTimeout(() => {
      this.#flush();
    }, lookMs);
  }

  #settleLate(): void {
    const now = Date.now();
    for (const operation of this.#waiting)
      if (operation.deadlineAtMs <= now)
        operation.settle(new HopFailure('late', false, 'The deadline has passed.'));
    this.#waiting = this.#waiting.filter(({ done }) => !done);
  }

  /** As many from a place on as one hop carries, and at least one. */
  #nextHop(from: number): PendingOperation[] {
    let characters = 0;
    let to = from;
    for (const operation of this.#waiting.slice(from, from + maxHopOperations)) {
      characters += operation.text.length;
      if (to > from && characters > maxHopCharacters) break;
      to += 1;
    }
    return this.#waiting.slice(from, to);
  }
}
