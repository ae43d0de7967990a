/** Where a subgraph answers subscriptions. */
export const subscriptionsPath = '/subscriptions';
/** A stream without a line for so long says that it is still there, in milliseconds. */
export const hopHeartbeatMs = 5_000;
/**
 * How long one stream lasts, in milliseconds: as long as an assertion may. Whoever goes on asks again with a new one, so
 * that authorization is never older than this, and streams spread over new processes.
 */
export const maxStreamMs = 60_000;

/**
 * Why a stream ended. `refused`: not to be asked again, `response` says why. `renew`: ask again. `drain`: this process
 * ends, ask another one. `failed`: ask again later. `complete`: there is nothing more to come.
 */
export type StreamEnd = 'refused' | 'renew' | 'drain' | 'failed' | 'complete';

/** What a subgraph says on a stream, one JSON text a line. */
export type SubscriptionLine =
  /** A result, made of a state of this version, in decimal digits; versions of one thing never go back. */
  | { kind: 'next'; version: string; response: unknown }
  | { kind: 'heartbeat' }
  | { kind: 'end'; reason: StreamEnd; response?: unknown };
