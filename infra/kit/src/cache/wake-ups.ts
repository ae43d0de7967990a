import { randomUUID } from 'node:crypto';
import type { RedisConnection } from './redis-connection.ts';

/** Tells all processes of a service that there may be news. */
export interface WakeUps {
  /** Wakes every listener: of this process at once, of the others when Redis is there. */
  ring(): void;
  /** Calls `listener` at each ring until the returned function is called. */
  listen(listener: () => void): () => void;
  /** Stops hearing the other processes. */
  close(): void;
}

/**
 * Wake-ups over a Redis channel. One that is lost does no harm: whoever waits looks from time to time by itself.
 */
export function createWakeUps(options: {
  readonly redis: RedisConnection;
  readonly channel: string;
}): WakeUps {
  const { redis, channel } = options;
  const self = randomUUID();
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const listener of listeners) listener();
  };
  const close = redis.subscribe(channel, (sender) => {
    if (sender !== self) wake();
  });
  return {
    ring: () => {
      wake();
      void redis.publish(channel, self);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
}
