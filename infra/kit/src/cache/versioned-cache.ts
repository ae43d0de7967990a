import type { RedisConnection } from './redis-connection.ts';

/** A value and the version of the row that it was read from. */
export interface Versioned<Value> {
  readonly version: bigint;
  readonly value: Value;
}

/** How values are kept. */
export interface VersionedCacheOptions<Value> {
  readonly redis: RedisConnection;
  /** Before every key, with the version of the value's shape in it: `campaigns:totals:1:`. */
  readonly prefix: string;
  readonly ttlSeconds: number;
  /** Makes the value from what JSON gave; throws for what is none, which is then a miss. */
  readonly parse: (json: unknown) => Value;
  /** Makes something that JSON can hold; default: the value itself. */
  readonly encode?: (value: Value) => unknown;
}

/** Shared copies of rows that have a growing version. */
export interface VersionedCache<Value> {
  /** The copy, or null: not there, not readable, or Redis is away. */
  get(key: string): Promise<Versioned<Value> | null>;
  /** Keeps the copy unless a newer one is there. There is no delete: it would let an older copy in behind a newer one. */
  set(key: string, version: bigint, value: Value): Promise<void>;
}

// Versions are compared as decimal text, first by length: Lua's numbers are doubles and lose digits above 2^53.
const SET_UNLESS_NEWER = `
local current = redis.call('GET', KEYS[1])
if current then
  local held = string.match(current, '^%d+')
  if held and (#held > #ARGV[1] or (#held == #ARGV[1] and held > ARGV[1])) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'EX', ARGV[3])
return 1`;

/** A cache in Redis in which an older version never replaces a newer one. */
export function versionedCache<Value>(options: VersionedCacheOptions<Value>): VersionedCache<Value> {
  const { redis, prefix, ttlSeconds, parse } = options;
  const encode = options.encode ?? ((value: Value): unknown => value);
  return {
    get: async (key) => {
      const text = await redis.get(prefix + key);
      const parts = text === null ? null : /^(\d+) (.*)$/s.exec(text);
      if (!parts) return null;
      try {
        return { version: BigInt(parts[1] ?? ''), value: parse(JSON.parse(parts[2] ?? '')) };
      } catch {
        // Written by a program with another shape of the value.
        return null;
      }
    },
    set: async (key, version, value) => {
      if (version < 0n) throw new RangeError('a version is not negative');
      const json = JSON.stringify(encode(value));
      await redis.evaluate(SET_UNLESS_NEWER, [prefix + key], [String(version), json, String(ttlSeconds)]);
    },
  };
}
