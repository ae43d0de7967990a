import { readGraphTotals } from '../graph.ts';
import { askByKey, giftsToAskAbout } from './answers.ts';
import type { Books } from './books.ts';
import { compare, type Verdict } from './compare.ts';
import type { SuspenseReasons } from './judge-payments.ts';
import { readPayments } from './provider.ts';
import { readBooks } from './read-books.ts';
import { readVersions } from './read-totals.ts';
import { waitUntilSettled, type Patience } from './settle.ts';
import type { Testimony } from './testimony.ts';

/** A run that has ended, and where to look what became of it. */
export interface AuditedRun {
  graphUrl: string;
  sandboxUrl: string | undefined;
  databaseUrl: string;
  /** What all keys of the run begin with. */
  keyPrefix: string;
  campaignIds: readonly string[];
  /** Those of them that the run was to end. */
  toBeEnded: readonly string[];
  /** For which money may stand in suspense. */
  suspenseReasons: SuspenseReasons;
  /** Where the provider's book stood when the run began. */
  bookStart: number;
  /** Access tokens of the donors by the number of their session; null of who has none. */
  tokens: readonly (string | null)[];
  testimony: Testimony;
}

/** Waits until the run is settled, gathers the evidence, and judges. */
export async function audit(
  run: AuditedRun,
  patience: Patience,
): Promise<{ verdict: Verdict; books: Books }> {
  const { graphUrl, sandboxUrl, databaseUrl, campaignIds, testimony } = run;
  await waitUntilSettled(run, patience);
  const taken = async (since: number) =>
    sandboxUrl === undefined ? { payments: [], next: since } : readPayments(sandboxUrl, since);
  const { payments: before, next } = await taken(run.bookStart);
  const closings = testimony.closings.values();
  const books = await readBooks({
    databaseUrl,
    keyPrefix: run.keyPrefix,
    campaignIds,
    closings,
    payments: before,
  });
  // What the graph shows is asked after the books were read: older it must not be.
  const graph = await readGraphTotals(graphUrl, campaignIds);
  const versionsAfter = await readVersions(databaseUrl, campaignIds);
  const { gifts, leftOut: unasked } = giftsToAskAbout(testimony);
  const answers = await askByKey(graphUrl, gifts, run.tokens);
  const after = [...before, ...(await taken(next)).payments];
  const provider = sandboxUrl === undefined ? null : { before, after };
  const { toBeEnded, suspenseReasons } = run;
  const seen = { testimony, books, graph, versionsAfter, answers, unasked, provider };
  return { verdict: compare({ ...seen, toBeEnded, suspenseReasons }), books };
}
