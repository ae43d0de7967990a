import { figuresOf, giftsPerSecond, measure, middleOf, together } from './measure.ts';
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
  for (const callers of CALLERS) {
    for (const [how] of ways) {
      for (const set of [books.slice(0, 1), books]) cells.push({ how, books: set, callers, samples: [] });
    }
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
  const rateOf = (how: string, books: number, callers: number) => {
    const cell = cells.find(
      (each) => each.how === how && each.books.length === books && each.callers === callers,
    );
    return cell ? giftsPerSecond(middleOf(cell.samples)) : Number.NaN;
  };
  const inOrder = cells.toSorted((one, other) => one.books.length - other.books.length);
  const rows = inOrder.map(({ how, books, callers, samples }) => {
    const ratio = rateOf(how, books.length, callers) / rateOf(PLAIN, books.length, callers);
    return {
      campaigns: books.length,
      callers,
      how,
      ...figuresOf(together(samples)),
      'gifts/s': Math.round(rateOf(how, books.length, callers)),
      'times (a)': ratio.toFixed(1),
    };
  });
  say(formatTable(rows));
  say();
  const hot = rateOf(OURS, 1, TARGET_CALLERS);
  const spread = rateOf(OURS, Math.max(...cells.map(({ books }) => books.length)), TARGET_CALLERS);
  say(formatTarget('(c) to (a), one hot campaign, 256 callers', hot / rateOf(PLAIN, 1, TARGET_CALLERS), 10));
  say(formatTarget('(c) hot to spread, 256 callers', hot / spread, 0.9));
}
