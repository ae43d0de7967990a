import { createHash } from 'node:crypto';
import type { RedisConnection } from '@banyan/kit/cache';
import type { Bucket } from './bucket.ts';

/** How often what was used is told to the other processes. */
const settleEveryMs = 50;
/** Buckets that one script settles. */
const maxBucketsAtOnce = 500;
const prefix = 'edge:quotas:1:';

// Each key holds the level and when it was so. One that is full again is as good as none, so it goes by itself.
const settleScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local levels = {}
for index, key in ipairs(KEYS) do
  local used = tonumber(ARGV[index * 3 - 2])
  local capacity = tonumber(ARGV[index * 3 - 1])
  local perSecond = tonumber(ARGV[index * 3])
  local level = capacity
  local held = redis.call('GET', key)
  if held then
    local was, at = string.match(held, '^(%S+) (%S+)$')
    level = tonumber(was) + math.max(0, now - tonumber(at)) / 1000 * perSecond
  end
  level = math.min(capacity, level) - used
  local fullInMs = math.ceil((capacity - level) / perSecond * 1000)
  if fullInMs > 0 then
    redis.call('SET', key, string.format('%.6f %.0f', level, now), 'PX', math.min(fullInMs, 86400000))
  else
    redis.call('DEL', key)
  end
  levels[index] = string.format('%.6f', level)
end
return levels`;

/** Tells the other processes what was used here, and learns what was used there. */
export interface Settlement {
  /** This bucket was used: it is settled with the next round. */
  note(bucket: Bucket): void;
  /** Settles what was noted, now. */
  settle(): Promise<void>;
  close(): void;
}

/** Keys hold addresses and ids of people: Redis gets a hash of them. */
function nameOf(key: string): string {
  return prefix + createHash('sha256').update(key).digest('base64url');
}

/**
 * Settles buckets with Redis in rounds, one script for all that were used since the last: the cost does not grow with the
 * requests. While Redis is away each process counts by itself; what was used meanwhile is known to it alone.
 */
export function createSettlement(redis: RedisConnection, now: () => number): Settlement {
  let used = new Set<Bucket>();
  let timer: NodeJS.Timeout | undefined;

  async function settleSome(some: readonly Bucket[]): Promise<void> {
    const args = some.flatMap((bucket) => {
      const { capacity, perSecond } = bucket.policy;
      return [bucket.takeUnsettled(), capacity, perSecond].map(String);
    });
    const names = some.map(({ key }) => nameOf(key));
    const levels = await redis.evaluate(settleScript, names, args);
    if (!Array.isArray(levels)) return;
    const nowMs = now();
    for (const [index, bucket] of some.entries()) bucket.settle(Number(levels[index]), nowMs);
  }

  async function settle(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const ready = [...used];
    used = new Set();
    const rounds: Promise<void>[] = [];
    for (let from = 0; from < ready.length; from += maxBucketsAtOnce)
      rounds.push(settleSome(ready.slice(from, from + maxBucketsAtOnce)));
    await Promise.all(rounds);
  }

  return {
    note(bucket) {
      used.add(bucket);
      timer ??= setTimeout(() => void settle(), settleEveryMs).unref();
    },
    settle,
    close: () => {
      clearTimeout(timer);
    },
  };
}
