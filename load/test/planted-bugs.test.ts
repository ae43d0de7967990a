import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { audit } from '../src/audit/audit.ts';
import type { Patience } from '../src/audit/settle.ts';
import { startFollowers } from '../src/follow/followers.ts';
import { readObservations } from '../src/observations.ts';
import { createWitness, type Witness } from '../src/audit/witness.ts';
import { startBooksDatabase, type BooksDatabase } from './support/books-database.ts';
import { giveAndLook, orderTwice } from './support/donor.ts';
import { insertIntent } from './support/faulty-graph-sql.ts';
import type { Bug } from './support/faulty-graph-bug.ts';
import { startFaultyGraph, type FaultyGraph } from './support/faulty-graph.ts';

let books: BooksDatabase;

beforeAll(async () => {
  books = await startBooksDatabase();
});
afterAll(() => books[Symbol.asyncDispose]());

const impatient: Patience = { pause: () => Promise.resolve(), maxLooks: 3 };
const counts = (faults: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(faults, (fault) => fault)].map(([fault, all]) => [fault, all.length]));

type Gift = Parameters<typeof giveAndLook>[2][number];
/** What happens between the gifts and the audit. */
type Tamper = (
  campaignId: string,
  runId: string,
  witness: Witness,
  give: (gift: Gift) => Promise<void>,
  graph: FaultyGraph,
) => Promise<void>;

/** Six gifts to a campaign of their own, the second, fourth and sixth sent twice; then `tamper`, then the audit. */
async function judge(
  bug: Bug,
  tamper: Tamper = async () => {},
  patience = impatient,
  { isBookReadable = true } = {},
) {
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
  await tamper(campaignId, runId, witness, (gift) => giveAndLook(graph.url, witness, [gift]), graph);
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
      testimony: witness.testimony,
    },
    patience,
  );
  const named = verdict.findings.map(({ fault, subject }) => `${fault} ${subject.replace(`${runId}-`, '')}`);
  return {
    verdict,
    testimony: witness.testimony,
    named,
    faults: counts(verdict.findings.map(({ fault }) => fault)),
  };
}

test('an honest graph is proven, by real books and a real ledger', async () => {
  const { verdict } = await judge('none');
  expect(verdict).toMatchObject({
    findings: [],
    sent: 6,
    acknowledged: 6,
    booked: 6,
    amount: 2_100n,
    asked: 6,
  });
  expect(verdict.money).toMatchObject({ payments: 6, counted: 6 });
});

describe('the auditor catches a graph that', () => {
  test('acknowledges before the commit', async () => {
    const { named } = await judge('acknowledges before the commit');
    expect(named.filter((each) => each.startsWith('LOST'))).toEqual(['LOST 3', 'LOST 5']);
  });

  test('counts on retry', async () => {
    const { named, verdict } = await judge('counts on retry');
    expect(named.filter((each) => each.startsWith('DOUBLED'))).toEqual([
      'DOUBLED 2',
      'DOUBLED 4',
      'DOUBLED 6',
    ]);
    expect(verdict.booked).toBe(9);
  });

  test('has a cache that ignores versions', async () => {
    const { faults } = await judge('cache ignores versions');
    expect(faults).toEqual({ GRAPH_WRONG: 1, STALE: 5 });
  });
});

describe('of orders, which are paid later, the auditor', () => {
  /** After the gifts two orders, sent twice each; the payer of the first pays it, wherever it leads. */
  const orderAndPay: Tamper = async (campaignId, runId, witness, _give, graph) => {
    const [id = ''] = await orderTwice(graph.url, witness, { key: `${runId}-7`, campaignId, amount: 700n });
    await orderTwice(graph.url, witness, { key: `${runId}-8`, campaignId, amount: 800n });
    await graph.pay(id).catch(() => undefined);
  };

  test('finds nothing with an honest graph: one is counted, one waits to be paid', async () => {
    const { verdict } = await judge('none', orderAndPay);
    expect(verdict).toMatchObject({ findings: [], sent: 8, acknowledged: 6, booked: 7, amount: 2_800n });
    expect(verdict.unknown).toEqual({ counted: 1, absent: 1 });
  });

  test('catches a graph that keeps no intent', async () => {
    const { named } = await judge('orders and keeps no intent', orderAndPay);
    expect(named.filter((each) => each.startsWith('LOST'))).toEqual(['LOST 7', 'LOST 7', 'LOST 8', 'LOST 8']);
  });

  test('catches a graph that opens another order on retry', async () => {
    const { named } = await judge('opens another order on retry', orderAndPay);
    expect(named.filter((each) => /^DOUBLED [78]$/.test(each))).toEqual(['DOUBLED 7', 'DOUBLED 8']);
  });

  test('catches a graph that lets its payer pay twice', async () => {
    const { named } = await judge('asks the payer twice', orderAndPay);
    expect(named).toContain('PAID_TWICE 7');
  });

  test('catches a graph that keeps in suspense what fits', async () => {
    const { named } = await judge('keeps what was paid in suspense', orderAndPay);
    expect(named).toEqual(['UNCOUNTED 7']);
  });
});

describe('of live totals, the auditor', () => {
  const waiting = { timeout: 10_000, interval: 10 };
  const longTurnMs = 60_000;
  type Rest = (told: { file: string; readings: () => number }, ...run: Parameters<Tamper>) => Promise<void>;
  /** A donor and a stranger follow, while the rest happens. */
  const followWhile =
    (rest: Rest, donorsTurnMs: number): Tamper =>
    async (...run) => {
      const [campaignId, runId, witness, , graph] = run;
      const file = join(await mkdtemp(join(tmpdir(), 'banyan-followers-')), 'record');
      const followers = startFollowers({
        graphUrl: graph.url,
        keyPrefix: `${runId}-`,
        campaignIds: [campaignId],
        count: 2,
        tokens: async () => ({ donors: [], askAgainAtMs: 0 }),
        file,
        donorsTurnMs,
      });
      await rest({ file, readings: () => followers.readings }, ...run);
      await followers.stop();
      await followers.stop();
      for await (const seen of readObservations(file)) witness.testify(seen);
      await rm(dirname(file), { recursive: true });
    };
  /** The donor gives and follows a few times. */
  const aFewTurns: Rest = async ({ readings }) => {
    await vi.waitFor(() => expect(readings()).toBeGreaterThan(30), waiting);
  };
  const follow = followWhile(aFewTurns, 40);
  /** Both are told a first state; then somebody gives, long ago by the record's time. */
  const aGiftOfLongAgo: Rest = async ({ readings }, campaignId, runId, _witness, give) => {
    await vi.waitFor(() => expect(readings()).toBeGreaterThanOrEqual(2), waiting);
    await give({ key: `${runId}-7`, campaignId, amount: 700n });
  };
  /** The same, and the stranger hears of it. */
  const aGiftThatIsTold: Rest = async (told, ...run) => {
    await aGiftOfLongAgo(told, ...run);
    const [campaignId, , witness] = run;
    const version = witness.testimony.newest.get(campaignId)?.version;
    await vi.waitFor(async () => {
      const lines = (await readFile(told.file, 'utf8')).split('\n');
      const ofStranger = lines.filter((line) => line.includes('"reader":"follower-1-stream-1"'));
      expect(ofStranger.join('\n')).toContain(`"version":"${version}"`);
    }, waiting);
  };

  test('finds nothing with an honest graph, and has judged what followers were told', async () => {
    const { verdict, testimony } = await judge('none', follow);
    expect(verdict.findings).toEqual([]);
    expect(testimony.liveReadings).toBeGreaterThan(30);
    expect(verdict.acknowledged).toBeGreaterThan(7);
  });

  test('catches streams that begin with less than their donor was acknowledged', async () => {
    const { verdict } = await judge('live totals begin with an old state', follow);
    const readers = verdict.findings.map(({ fault, reader }) => `${fault} ${reader}`);
    // Which of its streams are caught depends on what was counted between two of them.
    expect(readers).toContainEqual(expect.stringMatching(/^STALE follower-0-stream-\d+$/));
  });

  test('catches streams that tell their first state and nothing more, where an honest graph tells of the gift', async () => {
    expect((await judge('none', followWhile(aGiftThatIsTold, longTurnMs))).verdict.findings).toEqual([]);
    const { verdict } = await judge('live totals stand still', followWhile(aGiftOfLongAgo, longTurnMs));
    const readers = verdict.findings.map(({ fault, reader }) => `${fault} ${reader}`);
    expect(readers).toEqual(['STALE follower-1-stream-1']);
  });

  test('catches streams that go back', async () => {
    const { faults } = await judge('live totals go back', follow);
    expect(Object.keys(faults)).toEqual(['STALE']);
  });
});

describe('the auditor catches, in the database', () => {
  test('an entry that was removed', async () => {
    const { named } = await judge('none', async (campaignId, runId) => {
      await books.tamper(
        `with gone as (delete from ledger.transfers where book = $1 and key = $2 returning id)
         delete from ledger.postings where book = $1 and transfer in (select id from gone)`,
        [campaignId, `${runId}-3`],
      );
    });
    expect(named.filter((each) => each.endsWith(' 3'))).toEqual(['LOST 3', 'UNCOUNTED 3']);
    expect(named.filter((each) => each.startsWith('TOTALS_WRONG'))).toHaveLength(1);
  });

  test('an entry that was doubled', async () => {
    const { named } = await judge('none', async (campaignId, runId) => {
      await books.tamper(
        `with copied as (
           insert into ledger.transfers
           select book, id || 'x', payer || 'x', key, input_hash, kind, amount, currency, origin, portion, version,
                  ordinal + 1000, posted_at, details
           from ledger.transfers where book = $1 and key = $2 returning book, id, amount
         )
         insert into ledger.postings
         select book, id, leg.account, leg.sign * amount from copied, (values ('held', 1), ('clearing', -1)) leg (account, sign)`,
        [campaignId, `${runId}-5`],
      );
    });
    expect(named).toContain('DOUBLED 5');
    expect(named).toContain('UNPAID 5');
  });

  test('a gift that was counted a second time under another key, in totals that fit', async () => {
    const { named } = await judge('none', async (campaignId, runId) => {
      await books.tamper(
        `with copied as (
           insert into ledger.transfers
           select t.book, t.id || 'x', t.payer, 'x' || t.key, t.input_hash, t.kind, t.amount, t.currency, t.origin, t.portion,
                  s.version + 1, 1, t.posted_at, t.details
           from ledger.transfers t join ledger.totals s on s.book = t.book
           where t.book = $1 and t.key = $2 returning book, id, amount
         ), booked as (
           insert into ledger.postings
           select book, id, leg.account, leg.sign * amount from copied, (values ('held', 1), ('clearing', -1)) leg (account, sign)
         )
         update ledger.totals s
         set version = s.version + 1, credited = s.credited + c.amount, receipt_count = s.receipt_count + 1
         from copied c where s.book = c.book`,
        [campaignId, `${runId}-2`],
      );
    });
    // With an x before it the key is none of the run's.
    expect(named).toEqual(['UNSENT x2']);
  });

  test('a posting that was changed', async () => {
    const { named } = await judge('none', async (campaignId, runId) => {
      await books.tamper(
        `update ledger.postings p set amount = p.amount + 1 from ledger.transfers t
         where t.book = $1 and t.key = $2 and p.book = t.book and p.transfer = t.id and p.account = 'held'`,
        [campaignId, `${runId}-1`],
      );
    });
    expect(named).toContain('UNBALANCED 1');
  });

  /** Ends the campaign as its organiser does; the load is told. */
  const end = async (campaignId: string, witness: Witness) => {
    const { version } = await books.setStatus(campaignId, 'CLOSED');
    witness.testify({ kind: 'closed', at: 1, campaignId, version });
  };

  test('nothing where a campaign was paused, went on, and ended after its last gift', async () => {
    const { verdict } = await judge('none', async (campaignId, _runId, witness) => {
      await books.setStatus(campaignId, 'CLOSED');
      await books.setStatus(campaignId, 'OPEN');
      await end(campaignId, witness);
    });
    expect(verdict).toMatchObject({ findings: [], closed: 1 });
  });

  test('a gift that was counted after its campaign had ended', async () => {
    const { named } = await judge('none', async (campaignId, runId, witness, give) => {
      await end(campaignId, witness);
      await books.tamper(`update ledger.totals set status = 'OPEN' where book = $1`, [campaignId]);
      await give({ key: `${runId}-7`, campaignId, amount: 700n });
      await books.tamper(`update ledger.totals set status = 'CLOSED' where book = $1`, [campaignId]);
    });
    expect(named).toEqual(['AFTER_CLOSE 7']);
  });

  test('a gift that slipped in between the end and the moment when it was known', async () => {
    const { named } = await judge('none', async (campaignId, runId, witness, give) => {
      await books.setStatus(campaignId, 'CLOSED');
      await books.tamper(`update ledger.totals set status = 'OPEN' where book = $1`, [campaignId]);
      await give({ key: `${runId}-7`, campaignId, amount: 700n });
      await books.tamper(`update ledger.totals set status = 'CLOSED' where book = $1`, [campaignId]);
      await end(campaignId, witness);
    });
    expect(named).toEqual(['AFTER_CLOSE 7']);
  });

  test('totals that were set back', async () => {
    const { faults } = await judge('none', (campaignId) =>
      books.tamper(
        'update ledger.totals set version = version - 1, credited = credited - 1 where book = $1',
        [campaignId],
      ),
    );
    expect(faults).toEqual({ LOST: 1, TOTALS_WRONG: 1 });
  });

  test('money that the provider took and nobody noted', async () => {
    const { named } = await judge('none', async (campaignId, runId) => {
      await books.tamper(
        'delete from payment_facts where campaign_id = $1 and donation_id in (select id from intents where key = $2)',
        [campaignId, `${runId}-4`],
      );
    });
    expect(named).toEqual(['UNCOUNTED 4']);
  });
});

describe('before it judges, the auditor waits', () => {
  const take = (runId: string) =>
    books.tamper(
      `with taken as (delete from payment_facts where donation_id in (select id from intents where key = $1) returning *)
       select count(*) from taken`,
      [`${runId}-4`],
    );

  test('until the sweep has noted what a crash has left', async () => {
    let run = '';
    let looks = 0;
    const sweep = async () => {
      looks += 1;
      if (looks < 3) return;
      await books.tamper(
        `insert into payment_facts (campaign_id, provider, provider_ref, kind, donation_id, amount, currency, happened_at)
         select campaign_id, 'sandbox', 'pay_' || id, 'PAID', id, amount, currency, now() from intents where key = $1
         on conflict do nothing`,
        [`${run}-4`],
      );
    };
    const forget = async (_campaignId: string, runId: string) => {
      run = runId;
      await take(runId);
    };
    const { verdict } = await judge('none', forget, { pause: sweep, maxLooks: 10 });
    expect(verdict.findings).toEqual([]);
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  /** A gift of which nobody has heard: its intent is there, and no more. */
  const begin: Tamper = async (campaignId, runId, witness) => {
    const gift = { key: `${runId}-7`, campaignId, amount: 700n };
    witness.testify({ kind: 'sent', at: 0, donor: null, ...gift });
    witness.testify({ kind: 'unknown', at: 0, ...gift });
    await books.tamper(insertIntent, [campaignId, `don_${runId}`, `pyr_${runId}`, gift.key, '700']);
  };

  test('until the sweep has an outcome of each gift, where the provider’s book cannot be read', async () => {
    let payIt = async () => {};
    let looks = 0;
    const sweep = async () => {
      looks += 1;
      if (looks === 3) await payIt();
    };
    const crash: Tamper = async (...run) => {
      const [, runId, , , graph] = run;
      await begin(...run);
      payIt = () => graph.pay(`don_${runId}`);
    };
    const patience = { pause: sweep, maxLooks: 10 };
    const { verdict } = await judge('none', crash, patience, { isBookReadable: false });
    expect(verdict).toMatchObject({ findings: [], money: null, unknown: { counted: 1, absent: 0 } });
  });

  test('and no longer than its patience lasts for a gift that nobody paid', async () => {
    const open: number[] = [];
    const onLook = (gifts: number) => open.push(gifts);
    const { verdict } = await judge('none', begin, { ...impatient, onLook }, { isBookReadable: false });
    expect(open).toEqual([1, 1, 1]);
    expect(verdict).toMatchObject({ findings: [], unknown: { counted: 0, absent: 1 } });
  });

  test('and judges at the end of its patience all the same', async () => {
    const open: number[] = [];
    const { named } = await judge('none', (_campaignId, runId) => take(runId), {
      ...impatient,
      onLook: (payments) => open.push(payments),
    });
    expect(open).toEqual([1, 1, 1]);
    expect(named).toEqual(['UNCOUNTED 4']);
  });
});
