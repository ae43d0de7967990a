import { describe, expect, test } from 'vitest';
import { startBooksDatabase } from './support/books-database.ts';
import { insertIntent } from './support/faulty-graph-sql.ts';
import { impatient, judgeRun, type Tamper } from './support/planted-run.ts';

const books = await startBooksDatabase();

describe('before it judges, the auditor waits', () => {
  /** The books forget that the fourth gift was paid. */
  const take: Tamper = ({ runId }) =>
    books.tamper(
      `with taken as (delete from payment_facts where donation_id in (select id from intents where key = $1) returning *)
       select count(*) from taken`,
      [`${runId}-4`],
    );

  test('until the sweep has noted what a crash has left', async () => {
    let runId = '';
    let looks = 0;
    const sweep = async () => {
      looks += 1;
      if (looks < 3) return;
      await books.tamper(
        `insert into payment_facts (campaign_id, provider, provider_ref, kind, donation_id, amount, currency, happened_at)
         select campaign_id, 'sandbox', 'pay_' || id, 'PAID', id, amount, currency, now() from intents where key = $1
         on conflict do nothing`,
        [`${runId}-4`],
      );
    };
    const forget: Tamper = async (run) => {
      runId = run.runId;
      await take(run);
    };
    const { verdict } = await judgeRun(books, 'none', forget, { patience: { pause: sweep, maxLooks: 10 } });
    expect(verdict.findings).toEqual([]);
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  /** A gift of which nobody has heard: its intent is there, and no more. */
  const begin: Tamper = async ({ campaignId, runId, witness }) => {
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
    const crash: Tamper = async (run) => {
      await begin(run);
      payIt = () => run.graph.pay(`don_${run.runId}`);
    };
    const patience = { pause: sweep, maxLooks: 10 };
    const { verdict } = await judgeRun(books, 'none', crash, { patience, isBookReadable: false });
    expect(verdict).toMatchObject({ findings: [], money: null, unknown: { counted: 1, absent: 0 } });
  });

  test('and no longer than its patience lasts for a gift that nobody paid', async () => {
    const open: number[] = [];
    const onLook = (gifts: number) => open.push(gifts);
    const patience = { ...impatient, onLook };
    const { verdict } = await judgeRun(books, 'none', begin, { patience, isBookReadable: false });
    expect(open).toEqual([1, 1, 1]);
    expect(verdict).toMatchObject({ findings: [], unknown: { counted: 0, absent: 1 } });
  });

  test('and judges at the end of its patience all the same', async () => {
    const open: number[] = [];
    const onLook = (payments: number) => open.push(payments);
    const { named } = await judgeRun(books, 'none', take, { patience: { ...impatient, onLook } });
    expect(open).toEqual([1, 1, 1]);
    expect(named).toEqual(['UNCOUNTED 4']);
  });
});
