import { lanes, type Lane } from './lanes.ts';

interface Waiting {
  readonly letIn: () => void;
}

export interface GateOptions {
  /** How many may be inside at the moment when one of the lane is let in. */
  limitOf(lane: Lane): number;
  /** Those of one lane that may wait for room. */
  maxQueued: number;
  maxQueueMs: number;
}

/** Lets requests in by lane while there is room; a few of each lane may wait for a moment. */
export class Gate {
  readonly #options: GateOptions;
  readonly #queues: Readonly<Record<Lane, Set<Waiting>>> = {
    gifts: new Set(),
    known: new Set(),
    anonymous: new Set(),
  };
  #inside = 0;
  #peak = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get inside(): number {
    return this.#inside;
  }

  /** The most that were inside at once since this was last asked. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = this.#inside;
    return peak;
  }

  /** True when one was let in, at once or after a moment; false when there is no room. Who was let in must leave. */
  enter(lane: Lane): boolean | Promise<boolean> {
    const queue = this.#queues[lane];
    if (queue.size === 0 && this.#hasRoom(lane)) {
      this.#letIn();
      return true;
    }
    if (queue.size >= this.#options.maxQueued) return false;
    return new Promise((resolve) => {
      const waiting: Waiting = {
        letIn: () => {
          clearTimeout(timer);
          queue.delete(waiting);
          this.#letIn();
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        queue.delete(waiting);
        resolve(false);
      }, this.#options.maxQueueMs);
      queue.add(waiting);
    });
  }

  leave(): void {
    this.#inside -= 1;
    for (const lane of lanes) {
      for (const waiting of this.#queues[lane]) {
        if (!this.#hasRoom(lane)) break;
        waiting.letIn();
      }
    }
  }

  #hasRoom(lane: Lane): boolean {
    return this.#inside < this.#options.limitOf(lane);
  }

  #letIn(): void {
    this.#inside += 1;
    this.#peak = Math.max(this.#peak, this.#inside);
  }
}
