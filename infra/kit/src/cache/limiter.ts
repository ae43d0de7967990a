import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RedisConnection } from './redis-connection.ts';

/** How much of something one key may do. */
export interface LimiterOptions {
  readonly redis: RedisConnection;
  /** Before every key: `users:sign-in:`. */
  readonly prefix: string;
  readonly maxAttempts: number;
  /** The window begins with the first attempt. */
  readonly windowSeconds: number;
}

/** Whether an attempt may go on. */
export interface LimiterAnswer {
  readonly allowed: boolean;
  readonly remaining: number;
  /** When refused: in how many seconds the window ends; else 0. */
  readonly retryAfterSeconds: number;
}

/** Counts attempts by key. */
export interface Limiter {
  /** Counts an attempt and says whether it is within the limit. */
  attempt(key: string): Promise<LimiterAnswer>;
  /** Forgets the attempts of a key, after a success. */
  forget(key: string): Promise<void>;
}

const MAX_KEYS_IN_MEMORY = 100_000;

const COUNT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('TTL', KEYS[1])}`;

/**
 * A limit over a window, counted in Redis for all processes and in memory besides: without Redis, or when Redis has lost
 * a key, each process still limits by itself. Keys are hashed, so that a phone number never lies in Redis.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { redis, maxAttempts, windowSeconds } = options;
  const memory = new LRUCache<string, { count: number; readonly endsAtMs: number }>({
    max: MAX_KEYS_IN_MEMORY,
  });
  const nameOf = (key: string) => options.prefix + createHash('sha256').update(key).digest('base64url');

  function countInMemory(name: string): { count: number; secondsLeft: number } {
    const nowMs = Date.now();
    let entry = memory.get(name);
    if (!entry || entry.endsAtMs <= nowMs) entry = { count: 0, endsAtMs: nowMs + windowSeconds * 1000 };
    entry.count += 1;
    memory.set(name, entry);
    return { count: entry.count, secondsLeft: Math.ceil((entry.endsAtMs - nowMs) / 1000) };
  }

  return {
    attempt: async (key) => {
      const name = nameOf(key);
      const here = countInMemory(name);
      const everywhere = countsOf(await redis.evaluate(COUNT, [name], [String(windowSeconds)]));
      const decisive = everywhere && everywhere.count >= here.count ? everywhere : here;
      const allowed = decisive.count <= maxAttempts;
      return {
        allowed,
        remaining: Math.max(0, maxAttempts - decisive.count),
        retryAfterSeconds: allowed ? 0 : Math.max(1, decisive.secondsLeft),
      };
    },
    forget: async (key) => {
      memory.delete(nameOf(key));
      await redis.delete(nameOf(key));
    },
  };
}

function countsOf(answer: unknown): { count: number; secondsLeft: number } | null {
  if (!Array.isArray(answer)) return null;
  const [count, secondsLeft] = answer as unknown[];
  return { count: Number(count), secondsLeft: Number(secondsLeft) };
}
