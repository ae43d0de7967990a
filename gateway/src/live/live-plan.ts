import type { FetchAnswer } from '../engine/subgraph-call.ts';
import type { StreamEvent } from '../hop/subscription-stream.ts';

/** An operation that is followed, planned on one version of the graph. */
export interface LivePlan {
  readonly subgraph: string;
  /** The stream of its events. */
  open(signal: AbortSignal): AsyncGenerator<StreamEvent>;
  /** JSON text of the result of one event of such a stream. */
  resolve(event: FetchAnswer): Promise<string>;
}
