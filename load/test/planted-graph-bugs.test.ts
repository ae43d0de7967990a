import { describe, expect, test } from 'vitest';
import { startBooksDatabase } from './support/books-database.ts';
import { orderTwice } from './support/donor.ts';
import { judgeRun, type Tamper } from './support/planted-run.ts';

const books = await startBooksDatabase();

test('an honest graph is proven, by real books and a real ledger', async () => {
  const { verdict } = await judgeRun(books, 'none');
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
    const { named } = await judgeRun(books, 'acknowledges before the commit');
    expect(named.filter((each) => each.startsWith('LOST'))).toEqual(['LOST 3', 'LOST 5']);
  });

  test('counts on retry', async () => {
    const { named, verdict } = await judgeRun(books, 'counts on retry');
    expect(named.filter((each) => each.startsWith('DOUBLED'))).toEqual([
      'DOUBLED 2',
      'DOUBLED 4',
      'DOUBLED 6',
    ]);
    expect(verdict.booked).toBe(9);
  });

  test('has a cache that ignores versions', async () => {
    const { faults } = await judgeRun(books, 'cache ignores versions');
    expect(faults).toEqual({ GRAPH_WRONG: 1, STALE: 5 });
  });
});

describe('of orders, which are paid later, the auditor', () => {
  /** After the gifts two orders, sent twice each; the payer of the first pays it, wherever it leads. */
  const orderAndPay: Tamper = async ({ campaignId, runId, witness, graph }) => {
    const [id = ''] = await orderTwice(graph.url, witness, { key: `${runId}-7`, campaignId, amount: 700n });
    await orderTwice(graph.url, witness, { key: `${runId}-8`, campaignId, amount: 800n });
    await graph.pay(id).catch(() => undefined);
  };

  test('finds nothing with an honest graph: one is counted, one waits to be paid', async () => {
    const { verdict } = await judgeRun(books, 'none', orderAndPay);
    expect(verdict).toMatchObject({ findings: [], sent: 8, acknowledged: 6, booked: 7, amount: 2_800n });
    expect(verdict.unknown).toEqual({ counted: 1, absent: 1 });
  });

  test('catches a graph that keeps no intent', async () => {
    const { named } = await judgeRun(books, 'orders and keeps no intent', orderAndPay);
    expect(named.filter((each) => each.startsWith('LOST'))).toEqual(['LOST 7', 'LOST 7', 'LOST 8', 'LOST 8']);
  });

  test('catches a graph that opens another order on retry', async () => {
    const { named } = await judgeRun(books, 'opens another order on retry', orderAndPay);
    expect(named.filter((each) => /^DOUBLED [78]$/.test(each))).toEqual(['DOUBLED 7', 'DOUBLED 8']);
  });

  test('catches a graph that lets its payer pay twice', async () => {
    const { named } = await judgeRun(books, 'asks the payer twice', orderAndPay);
    expect(named).toContain('PAID_TWICE 7');
  });

  test('catches a graph that keeps in suspense what fits', async () => {
    const { named } = await judgeRun(books, 'keeps what was paid in suspense', orderAndPay);
    expect(named).toEqual(['UNCOUNTED 7']);
  });
});
