import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { LedgerTables } from './tables.ts';

/** What is wrong in a book. */
export type AuditProblem =
  | 'CREDITED_DIFFERS'
  | 'REFUNDED_DIFFERS'
  | 'PAID_OUT_DIFFERS'
  | 'RECEIPT_COUNT_DIFFERS'
  | 'POSTINGS_WRONG'
  | 'PLACE_WRONG'
  | 'REFUNDED_TOO_MUCH';

/** One difference between what is kept and what follows from the postings. */
export interface AuditFinding {
  readonly book: string;
  readonly problem: AuditProblem;
  /** The transfer or version concerned; null when it is the whole book. */
  readonly subject: string | null;
  readonly expected: string;
  readonly found: string;
}

/** What an audit may take. */
export interface AuditOptions {
  /** Default half an hour: the product's own limit is for a request, and this reads all that ever happened. */
  readonly statementTimeoutMs?: number;
  /** Differences that are told; whoever has more begins with these. Default 1,000. */
  readonly maxFindings?: number;
}

/**
 * Recomputes the totals of one book or of all from the postings, in one snapshot, and reports the differences: sums
 * and counts, transfers whose postings are not the two they should be, places that do not follow one another or whose times
 * go back, refunds above their receipt. Nothing found: an empty list. Reads the whole ledger of the books, in a transaction
 * of its own; the server sorts and adds up, so that memory here is that of the findings.
 */
export async function audit<Tables extends LedgerTables>(
  db: Kysely<Tables>,
  book: string | null = null,
  { statementTimeoutMs = 30 * 60_000, maxFindings = 1_000 }: AuditOptions = {},
): Promise<AuditFinding[]> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(statementTimeoutMs)}, true)`.execute(trx);
      return findDifferences(trx, book, maxFindings);
    });
}

async function findDifferences<Tables extends LedgerTables>(
  trx: Transaction<Tables>,
  book: string | null,
  maxFindings: number,
): Promise<AuditFinding[]> {
  const { rows } = await sql<AuditFinding>`
    with totals as (
      select * from ledger.totals where ${book}::text is null or book = ${book}
    ), posted as (
      select t.*, p.legs, p.balance, p.held, p.clearing
      from ledger.transfers t
      left join (
        select book, transfer, count(*) as legs, sum(amount) as balance,
               sum(amount) filter (where account = 'held') as held,
               sum(amount) filter (where account = 'clearing') as clearing
        from ledger.postings where ${book}::text is null or book = ${book}
        group by book, transfer
      ) p on p.book = t.book and p.transfer = t.id
      where ${book}::text is null or t.book = ${book}
    ), sums as (
      select b.book,
             coalesce(sum(p.held) filter (where p.kind = 'RECEIPT'), 0) as credited,
             coalesce(-sum(p.held) filter (where p.kind = 'REFUND'), 0) as refunded,
             coalesce(-sum(p.held) filter (where p.kind = 'PAYOUT'), 0) as paid_out,
             count(*) filter (where p.kind = 'RECEIPT') as receipt_count
      from totals b left join posted p on p.book = b.book
      group by b.book
    ), compared as (
      select t.book, c.problem, c.expected, c.found
      from totals t join sums s on s.book = t.book
      cross join lateral (values
        ('CREDITED_DIFFERS', s.credited, t.credited), ('REFUNDED_DIFFERS', s.refunded, t.refunded),
        ('PAID_OUT_DIFFERS', s.paid_out, t.paid_out), ('RECEIPT_COUNT_DIFFERS', s.receipt_count, t.receipt_count)
      ) c (problem, expected, found)
      where c.expected <> c.found
    ), versions as (
      select p.book, p.version, count(*) as rows, max(p.ordinal) as last, max(p.posted_at) as until,
             lag(max(p.posted_at)) over (partition by p.book order by p.version) as before, t.version as newest,
             min(p.posted_at) as since, t.as_of
      from posted p join totals t on t.book = p.book
      group by p.book, p.version, t.version, t.as_of
    )
    select book, problem, null as subject, expected::text, found::text from compared
    union all
    select book, 'POSTINGS_WRONG', id, format('held %s, clearing %s', s.signed, -s.signed),
           format('held %s, clearing %s', coalesce(held::text, 'none'), coalesce(clearing::text, 'none'))
    from posted cross join lateral (select case kind when 'RECEIPT' then amount else -amount end) s (signed)
    where (legs, balance, held, clearing) is distinct from (2, 0, s.signed, -s.signed)
    union all
    select book, 'PLACE_WRONG', version::text, 'ordinals 1 to n, times that grow, a version that was reached',
           format('%s rows up to ordinal %s, %s to %s after %s', rows, last, since, until, coalesce(before::text, 'none'))
    from versions
    where rows <> last or since <> until or until <= before or version > newest or until > as_of
    union all
    select r.book, 'REFUNDED_TOO_MUCH', r.id, format('at most %s', r.amount), sum(o.amount)::text
    from posted o join posted r on r.book = o.book and r.id = o.origin
    group by r.book, r.id, r.amount
    having sum(o.amount) > r.amount
    order by 1, 2, 3
    limit ${maxFindings}`.execute(trx);
  return rows;
}
