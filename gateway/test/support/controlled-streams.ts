import type { StreamEvent } from '../../src/hop/subscription-stream.ts';
import type { LivePlan } from '../../src/live/live-plan.ts';

/** How long an event takes to be resolved, in milliseconds. */
const resolveMs = 5;

/** A stream from a subgraph: what it has read is on its way until the test lets it arrive. */
export class ControlledStream {
  readonly #planned: number;
  readonly #onTheWay: StreamEvent[] = [];
  readonly #arrived: StreamEvent[] = [];
  #isBroken = false;
  #wake: (() => void) | undefined;

  /** @param planned the version of the graph by which it was asked for. */
  constructor(planned: number) {
    this.#planned = planned;
  }

  read(version: bigint): void {
    const data = { version: String(version), askedBy: this.#planned };
    this.#onTheWay.push({ kind: 'next', version, answer: { data } });
  }

  /** Lets the oldest of what is on its way arrive. */
  arrive(): void {
    this.#arrived.push(...this.#onTheWay.splice(0, 1));
    this.#wake?.();
  }

  /** Breaks off; what is on its way is lost. */
  cut(): void {
    this.#isBroken = true;
    this.#wake?.();
  }

  async *events(signal: AbortSignal): AsyncGenerator<StreamEvent> {
    signal.addEventListener('abort', () => {
      this.cut();
    });
    for (;;) {
      yield* this.#arrived.splice(0);
      if (this.#isBroken) throw new Error('The stream broke off.');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A thing that is followed, how it is now, and the streams that tell of it. */
export class ControlledStreams {
  version = 1n;
  /** Those that are open, in the order in which they were asked for. */
  readonly open: ControlledStream[] = [];

  /** How it is followed on a version of the graph; a result says by which it was asked for and by which resolved. */
  plan(planned: number): LivePlan {
    const { open } = this;
    return {
      subgraph: 'boards',
      async *open(signal) {
        const stream = new ControlledStream(planned);
        open.push(stream);
        try {
          yield* stream.events(signal);
        } finally {
          open.splice(open.indexOf(stream), 1);
        }
      },
      async resolve({ data }) {
        await new Promise((resolve) => {
          setTimeout(resolve, resolveMs);
        });
        return JSON.stringify({ ...data, resolvedBy: planned });
      },
    };
  }
}
