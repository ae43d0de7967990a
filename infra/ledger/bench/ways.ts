import { figuresOf, measure, ratioOf } from './measure.ts';
import type { Post, Sample } from './measure.ts';
import type { BenchLedger } from './bench-ledger.ts';
import { formatTable, formatTarget, say } from './print.ts';
import { TransactionPerGift } from './transaction-per-gift.ts';

/** An odd number: the middle one counts, so that a busy moment of the machine does not. */
const ROUNDS = 5;
const ROUND_MS = 600;
const WARM_UP_MS = 500;
const CALLERS = [64, 256, 1_024];
const PLAIN = '(a) transaction per gift';
const SLOTS = '(b) 16 counter slots';
const OURS = '(c) group commit';
const TARGET_CALLERS = 256;

interface Cell {
  readonly how: string;
  readonly books: readonly string[];
  readonly callers: number;
  readonly samples: Sample[];
}

/** Three ways to count a gift, interleaved: on one hot campaign and on all of them, before crowds of three sizes. */
export async function compareWays(ledger: BenchLedger): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const { books, committer, ownerUrl, readWalBytes } = ledger;
  async function plainWay(name: string, slots: number): Promise<Post> {
    const way = new TransactionPerGift({ url: ownerUrl, name, slots, maxConnections: 32 });
    cleanup.defer(async () => way.end());
    await way.prepare(books);
    return async (input) => way.post(input);
  }
  const ways: [string, Post][] = [
    [PLAIN, await plainWay('plain', 1)],
    [SLOTS, await plainWay('slotted', 16)],
    [OURS, async (input) => committer.post(input)],
  ];
  for (const [, post] of ways)
    await measure(post, { callers: 64, books, lengthMs: WARM_UP_MS }, readWalBytes);

  const cells: Cell[] = [];
  const names = ways.map(([how]) => how);
  for (const callers of CALLERS) {
    // What is compared comes close together, so that both have the machine in the same mood.
    for (const how of names) cells.push({ how, books: books.slice(0, 1), callers, samples: [] });
    for (const how of names.toReversed()) cells.push({ how, books, callers, samples: [] });
  }
  const posts = new Map(ways);
  for (let round = 0; round < ROUNDS; round += 1) {
    // Back and forth, so that what grows or warms up meets all alike.
    for (const cell of round % 2 === 0 ? cells : cells.toReversed()) {
      const post = posts.get(cell.how);
      if (post) cell.samples.push(await measure(post, { ...cell, lengthMs: ROUND_MS }, readWalBytes));
    }
  }
  print(cells);
}

function print(cells: readonly Cell[]): void {
  const samplesOf = (how: string, books: number, callers: number) =>
    cells.find((each) => each.how === how && each.books.length === books && each.callers === callers)
      ?.samples ?? [];
  const inOrder = cells.toSorted(
    (one, other) =>
      one.books.length - other.books.length ||
      one.callers - other.callers ||
      one.how.localeCompare(other.how),
  );
  const rows = inOrder.map(({ how, books, callers, samples }) => ({
    campaigns: books.length,
    callers,
    how,
    ...figuresOf(samples),
    'times (a)': ratioOf(samples, samplesOf(PLAIN, books.length, callers)).toFixed(1),
  }));
  say(formatTable(rows));
  say();
  const hot = samplesOf(OURS, 1, TARGET_CALLERS);
  const spread = samplesOf(OURS, inOrder.at(-1)?.books.length ?? 0, TARGET_CALLERS);
  const toPlain = ratioOf(hot, samplesOf(PLAIN, 1, TARGET_CALLERS));
  say(formatTarget(`(c) to (a), one hot campaign, ${TARGET_CALLERS} callers`, toPlain, 10));
  say(formatTarget(`(c) hot to spread, ${TARGET_CALLERS} callers`, ratioOf(hot, spread), 0.9));
}
