import { describe, expect, test } from 'vitest';
import { startBooksDatabase } from './support/books-database.ts';
import { judgeRun, type Tamper } from './support/planted-run.ts';

const books = await startBooksDatabase();

describe('the auditor catches, in the database', () => {
  test('an entry that was removed', async () => {
    const { named } = await judgeRun(books, 'none', async ({ campaignId, runId }) => {
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
    const { named } = await judgeRun(books, 'none', async ({ campaignId, runId }) => {
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
    const { named } = await judgeRun(books, 'none', async ({ campaignId, runId }) => {
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
    const { named } = await judgeRun(books, 'none', async ({ campaignId, runId }) => {
      await books.tamper(
        `update ledger.postings p set amount = p.amount + 1 from ledger.transfers t
         where t.book = $1 and t.key = $2 and p.book = t.book and p.transfer = t.id and p.account = 'held'`,
        [campaignId, `${runId}-1`],
      );
    });
    expect(named).toContain('UNBALANCED 1');
  });

  /** Ends the campaign as its organiser does; the load is told. */
  const end: Tamper = async ({ campaignId, witness }) => {
    const { version } = await books.setStatus(campaignId, 'CLOSED');
    witness.testify({ kind: 'closed', at: 1, campaignId, version });
  };

  /** A gift is counted though the book is closed. */
  const giveAllTheSame: Tamper = async ({ campaignId, runId, give }) => {
    await books.tamper(`update ledger.totals set status = 'OPEN' where book = $1`, [campaignId]);
    await give({ key: `${runId}-7`, campaignId, amount: 700n });
    await books.tamper(`update ledger.totals set status = 'CLOSED' where book = $1`, [campaignId]);
  };

  test('nothing where a campaign was paused, went on, and ended after its last gift', async () => {
    const { verdict } = await judgeRun(books, 'none', async (run) => {
      await books.setStatus(run.campaignId, 'CLOSED');
      await books.setStatus(run.campaignId, 'OPEN');
      await end(run);
    });
    expect(verdict).toMatchObject({ findings: [], closed: 1 });
  });

  test('a gift that was counted after its campaign had ended', async () => {
    const { named } = await judgeRun(books, 'none', async (run) => {
      await end(run);
      await giveAllTheSame(run);
    });
    expect(named).toEqual(['AFTER_CLOSE 7']);
  });

  test('a gift that slipped in between the end and the moment when it was known', async () => {
    const { named } = await judgeRun(books, 'none', async (run) => {
      await books.setStatus(run.campaignId, 'CLOSED');
      await giveAllTheSame(run);
      await end(run);
    });
    expect(named).toEqual(['AFTER_CLOSE 7']);
  });

  test('totals that were set back', async () => {
    const { faults } = await judgeRun(books, 'none', ({ campaignId }) =>
      books.tamper(
        'update ledger.totals set version = version - 1, credited = credited - 1 where book = $1',
        [campaignId],
      ),
    );
    expect(faults).toEqual({ LOST: 1, TOTALS_WRONG: 1 });
  });

  test('money that the provider took and nobody noted', async () => {
    const { named } = await judgeRun(books, 'none', async ({ campaignId, runId }) => {
      await books.tamper(
        'delete from payment_facts where campaign_id = $1 and donation_id in (select id from intents where key = $2)',
        [campaignId, `${runId}-4`],
      );
    });
    expect(named).toEqual(['UNCOUNTED 4']);
  });
});
