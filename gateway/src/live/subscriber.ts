import type { GraphQLFormattedError } from 'graphql';

/** A result that many subscribers get; it is written once for all of them. */
export class LiveResult {
  /** JSON text. */
  readonly text: string;
  #sseEvent: Buffer | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** As an event of graphql-sse. */
  get sseEvent(): Buffer {
    return (this.#sseEvent ??= Buffer.from(`event: next\ndata: ${this.text}\n\n`));
  }
}

/** Why a subscription is over: there is no more to come, or the client cannot have it. */
export type SubscriptionEnding =
  { kind: 'complete' } | { kind: 'refused'; errors: readonly GraphQLFormattedError[] };

/** One subscription of one client, as those see it who have something to tell it. */
export interface Subscriber {
  offer(result: LiveResult): void;
  end(ending: SubscriptionEnding): void;
}
