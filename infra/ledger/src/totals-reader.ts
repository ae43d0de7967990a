import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { VersionNotReached } from './errors.ts';
import { readTotals } from './reads.ts';
import { SharedRead } from './shared-read.ts';
import type { LedgerTables } from './tables.ts';
import type { Totals } from './types.ts';

/** How totals are read. */
export interface TotalsReaderOptions {
  /** Books of one SELECT. Default 1,000. */
  readonly maxBooksPerRead?: number;
  /** Between two looks for a version that is not there yet. Default 20. */
  readonly pollMs?: number;
}

/** Reads totals for a whole process. */
export interface TotalsReader {
  /** The totals as of some moment after this call; null when there is no such book. */
  read(book: string): Promise<Totals | null>;
  /**
   * The totals at that version or a later one. A version that was told with an acknowledgement is there at once; for
   * another it waits at most `timeoutMs`. Throws `VersionNotReached`.
   */
  atLeast(book: string, minVersion: bigint, options: { readonly timeoutMs: number }): Promise<Totals>;
}

/** Makes the reader that all requests of a process share. `db` is the primary: a replica would be behind. */
export function createTotalsReader<Tables extends LedgerTables>(
  db: Kysely<Tables>,
  { maxBooksPerRead = 1_000, pollMs = 20 }: TotalsReaderOptions = {},
): TotalsReader {
  const shared = new SharedRead<Totals>(async (books) => readTotals(db, books), maxBooksPerRead);

  async function read(book: string): Promise<Totals | null> {
    return (await shared.read(book)) ?? null;
  }

  async function atLeast(book: string, minVersion: bigint, { timeoutMs }: { readonly timeoutMs: number }) {
    const endsAt = performance.now() + timeoutMs;
    for (;;) {
      const totals = await read(book);
      if (totals && totals.version >= minVersion) return totals;
      if (performance.now() >= endsAt) throw new VersionNotReached(book, minVersion, totals?.version ?? null);
      await delay(pollMs);
    }
  }

  return { read, atLeast };
}
