import { randomUUID } from 'node:crypto';
import { audit } from '../../src/audit/audit.ts';
import type { Verdict } from '../../src/audit/compare.ts';
import type { Patience } from '../../src/audit/settle.ts';
import type { Testimony } from '../../src/audit/testimony.ts';
import { createWitness, type Witness } from '../../src/audit/witness.ts';
import type { BooksDatabase } from './books-database.ts';
import { giveAndLook } from './donor.ts';
import type { Bug } from './faulty-graph-bug.ts';
import { startFaultyGraph, type FaultyGraph } from './faulty-graph.ts';

/** A run on a graph that may have a bug, before it is judged. */
export interface PlantedRun {
  /** All keys of the run begin with it. */
  readonly runId: string;
  readonly campaignId: string;
  readonly graph: FaultyGraph;
  readonly witness: Witness;
  /** Gives as the others do. */
  readonly give: (gift: Parameters<typeof giveAndLook>[2][number]) => Promise<void>;
}

/** What happens between the gifts and the audit. */
export type Tamper = (run: PlantedRun) => Promise<void>;

/** What the auditor said, and about what. */
export interface Judged {
  readonly verdict: Verdict;
  readonly testimony: Testimony;
  /** The faults, each with its subject; keys without the run's id. */
  readonly named: readonly string[];
  /** How many there are of each fault. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Patience that is soon at its end. */
export const impatient: Patience = { pause: () => Promise.resolve(), maxLooks: 3 };

/** Six gifts to a campaign of their own, the second, fourth and sixth sent twice; then `tamper`, then the audit. */
export async function judgeRun(
  books: BooksDatabase,
  bug: Bug,
  tamper: Tamper = async () => {},
  { patience = impatient, isBookReadable = true } = {},
): Promise<Judged> {
  const runId = randomUUID().slice(0, 8);
  const campaignId = `cmp_${runId}`;
  await books.tamper(`select ledger.open_book($1, 'CNY', 1000000)`, [campaignId]);
  await using graph = await startFaultyGraph(books.url, bug);
  const witness = createWitness();
  const gifts = [1, 2, 3, 4, 5, 6].map((number) => ({
    key: `${runId}-${number}`,
    campaignId,
    amount: BigInt(number) * 100n,
  }));
  await giveAndLook(graph.url, witness, gifts);
  const give: PlantedRun['give'] = (gift) => giveAndLook(graph.url, witness, [gift]);
  await tamper({ runId, campaignId, graph, witness, give });
  const { testimony } = witness;
  const { verdict } = await audit(
    {
      graphUrl: graph.url,
      sandboxUrl: isBookReadable ? graph.providerUrl : undefined,
      databaseUrl: books.url,
      keyPrefix: `${runId}-`,
      campaignIds: [campaignId],
      toBeEnded: [],
      suspenseReasons: [],
      bookStart: 0,
      tokens: [],
      testimony,
    },
    patience,
  );
  const named = verdict.findings.map(({ fault, subject }) => `${fault} ${subject.replace(`${runId}-`, '')}`);
  return { verdict, testimony, named, faults: countEach(verdict.findings.map(({ fault }) => fault)) };
}

function countEach(names: readonly string[]): Record<string, number> {
  const byName = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.length]));
}
