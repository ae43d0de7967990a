import type { Books, BooksOfRun } from './books.ts';
import { readGifts, readIntents, readUnbegun } from './read-gifts.ts';
import { readFacts, readKnownKeys } from './read-payments.ts';
import { readClosings, readTotals } from './read-totals.ts';
import { inSnapshot } from './snapshot.ts';

/**
 * Reads the books in one snapshot, with SQL of its own: nothing of the product's code vouches for itself here.
 */
export async function readBooks(run: BooksOfRun): Promise<Books> {
  return inSnapshot(run.databaseUrl, async (snapshot) => ({
    gifts: await readGifts(snapshot, run),
    totals: await readTotals(snapshot, run.campaignIds),
    intents: await readIntents(snapshot, run),
    unbegun: await readUnbegun(snapshot, run),
    facts: await readFacts(snapshot, run.payments),
    closings: await readClosings(snapshot, [...run.closings]),
    knownKeys: await readKnownKeys(snapshot, run.payments),
  }));
}
