import { z } from 'zod';

const limit = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

/** What the environment says about subscriptions. */
export const liveSettings = {
  /** Changes within this time are told once, with the newest state. */
  LIVE_COALESCE_MS: limit(250),
  /** Different subscriptions that are followed at subgraphs. */
  LIVE_MAX_UPSTREAMS: limit(5_000),
  /** Of those, opened by one person, app or address: nobody is to take the room of all others. */
  LIVE_MAX_UPSTREAMS_PER_CALLER: limit(500),
  /** Connections that wait for news, of all callers. */
  LIVE_MAX_CONNECTIONS: limit(20_000),
  /** Of one person or app. */
  LIVE_MAX_CONNECTIONS_PER_CALLER: limit(20),
  /** Of strangers behind one address; there may be many behind one. */
  LIVE_MAX_CONNECTIONS_PER_ADDRESS: limit(1_000),
  /** On one WebSocket. */
  LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION: limit(50),
  /** Bytes that wait for a client; above it only the newest state is kept for it. */
  LIVE_MAX_BUFFERED_BYTES: limit(65_536),
  /** How long a client may stay above it before its connection is closed. */
  LIVE_MAX_STALL_MS: limit(10_000),
  /** How often a silent connection shows that it is there. */
  LIVE_PING_MS: limit(12_000),
  /** How long a WebSocket may take to say who it is. */
  LIVE_INIT_TIMEOUT_MS: limit(3_000),
  /** How often it is asked again whether a caller is still who it was; a token's end comes on top. */
  LIVE_RECHECK_MS: limit(300_000),
} as const;

const shape = z.object(liveSettings);
export type LiveSettings = z.infer<typeof shape>;
