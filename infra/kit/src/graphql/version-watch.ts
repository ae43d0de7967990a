import type { Versioned } from '../cache/versioned-cache.ts';
import type { Bell } from '../events/feed.ts';
import type { Logger } from '../service/logger.ts';
import { Latest } from './latest.ts';
import { createLooker } from './looker.ts';

/** How often the watch looks by itself: what a lost wake-up may cost, in milliseconds. */
const defaultPollMs = 1_000;
/** The least time between two looks that wake-ups cause, in milliseconds; under a surge the bell never stops ringing. */
const defaultGapMs = 50;
/** Keys that one read may ask for. */
const maxKeysPerRead = 1_000;

export interface VersionWatchOptions<Value> {
  /**
   * The states of things as they are now, from the primary, each with a version that grows with every change. A key that
   * is left out is not told of.
   */
  read(keys: readonly string[]): Promise<ReadonlyMap<string, Versioned<Value>>>;
  /** Rings when there may be news. */
  bell: Bell;
  log: Logger;
  pollMs?: number;
  gapMs?: number;
}

/** Tells of changes to as many as want to know, by one read for all of them. */
export interface VersionWatch<Value> {
  /**
   * The state of a thing by a read that begins after this call, then the newest one whenever its version has grown; what
   * lies between two looks is left out. `return()` ends it.
   */
  follow(key: string): AsyncIterableIterator<Versioned<Value>>;
  /** Ends all that follow. */
  close(): void;
}

interface Follower<Value> {
  latest: Latest<Versioned<Value>>;
  /** Undefined until a read that began after it came. */
  version: bigint | undefined;
  /** The first look whose read began after it came. */
  firstLook: number;
}

/** Gives a state to those for whom it is news and whose first look this is, or a later one. */
function tell<Value>(
  those: Iterable<Follower<Value>> | undefined,
  state: Versioned<Value>,
  ofLook: number,
): void {
  for (const follower of those ?? []) {
    if (follower.firstLook > ofLook) continue;
    if (follower.version !== undefined && state.version <= follower.version) continue;
    follower.version = state.version;
    follower.latest.put(state);
  }
}

/**
 * Watches versions for a whole process. A bell makes it look at once; without the bell, with Redis away, it looks from
 * time to time. However many follow a key, it is read once a look.
 */
export function createVersionWatch<Value>(options: VersionWatchOptions<Value>): VersionWatch<Value> {
  const { bell, log, pollMs = defaultPollMs, gapMs = defaultGapMs } = options;
  const followers = new Map<string, Set<Follower<Value>>>();
  let looks = 0;
  let isFailing = false;

  async function readAll(): Promise<void> {
    looks += 1;
    const keys = [...followers.keys()];
    for (let from = 0; from < keys.length; from += maxKeysPerRead) {
      const states = await options.read(keys.slice(from, from + maxKeysPerRead));
      for (const [key, state] of states) tell(followers.get(key), state, looks);
    }
  }

  async function look(): Promise<boolean> {
    try {
      await readAll();
      isFailing = false;
    } catch (error) {
      // Once when it begins: whoever follows waits, and the next look comes by itself.
      if (!isFailing) log.warn({ err: error }, 'what is watched cannot be read');
      isFailing = true;
    }
    return followers.size > 0;
  }

  const looker = createLooker({ look, pollMs, gapMs });
  const stopListening = bell.listen(() => {
    if (followers.size > 0) looker.soon();
  });

  function leave(key: string, follower: Follower<Value>): void {
    const those = followers.get(key);
    those?.delete(follower);
    if (those?.size === 0) followers.delete(key);
    if (followers.size === 0) looker.rest();
  }

  return {
    follow(key) {
      const latest = new Latest<Versioned<Value>>(() => {
        leave(key, follower);
      });
      const follower: Follower<Value> = { latest, version: undefined, firstLook: looks + 1 };
      followers.set(key, (followers.get(key) ?? new Set()).add(follower));
      looker.soon();
      return latest;
    },
    close() {
      stopListening();
      for (const those of followers.values()) for (const { latest } of those) void latest.return();
    },
  };
}
