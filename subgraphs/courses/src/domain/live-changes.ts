import { createVersionWatch, isId, type VersionWatch, type VersionWatchOptions } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import { findHeatRun } from '../db/heat.ts';
import { findSessions, type LiveSessionRow } from '../db/live-sessions.ts';
import { findHotTopics, type TopicRow } from '../db/topics.ts';

/** What subscribers follow, read once for all of them. */
export interface LiveChanges {
  /** Sessions by id, of the version of their queue; null where there is none. */
  readonly micQueues: VersionWatch<LiveSessionRow | null>;
  /** The one hot search, by `hotSearchWatchKey`. */
  readonly hotSearch: VersionWatch<readonly TopicRow[]>;
  close(): void;
}

export const hotSearchWatchKey = 'all';

async function readSessions(db: Kysely<Database>, keys: readonly string[]) {
  const ids = keys.filter((key) => isId('ses', key));
  const rows = ids.length === 0 ? [] : await findSessions(db, ids);
  const sessions = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    keys.map((key) => {
      const value = sessions.get(key) ?? null;
      return [key, { version: value?.mic_version ?? 0n, value }] as const;
    }),
  );
}

/** Reads the topics only when they were reckoned anew; the time that their heat is of is their version. */
function createHotSearchReader(db: Kysely<Database>) {
  let last: { version: bigint; value: readonly TopicRow[] } | undefined;
  return async () => {
    const run = await findHeatRun(db);
    if (last === undefined || BigInt(run.as_of.getTime()) > last.version) {
      const value = await findHotTopics(db);
      last = { version: BigInt((value[0]?.heat_as_of ?? run.as_of).getTime()), value };
    }
    return new Map([[hotSearchWatchKey, last]]);
  };
}

export function createLiveChanges({
  db,
  ...options
}: Omit<VersionWatchOptions<unknown>, 'read'> & { db: Kysely<Database> }): LiveChanges {
  const micQueues = createVersionWatch({ ...options, read: (keys) => readSessions(db, keys) });
  const hotSearch = createVersionWatch({ ...options, read: createHotSearchReader(db) });
  return {
    micQueues,
    hotSearch,
    close() {
      micQueues.close();
      hotSearch.close();
    },
  };
}
