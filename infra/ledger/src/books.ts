import { sql } from 'kysely';
import type { QueryExecutorProvider, Selectable } from 'kysely';
import { totalsOf } from './rows.ts';
import type { TotalsTable } from './tables.ts';
import type { BookStatus, Totals } from './types.ts';
import { validateText } from './validate.ts';

/** A book to open. */
export interface NewBook {
  readonly book: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** Minor units of one receipt. */
  readonly maxAmount: bigint;
}

/**
 * Opens a book with its accounts, or finds it open already. Works in the transaction that `db` is, if it is one.
 * Throws SQLSTATE 23505 when it is open with another currency or limit.
 */
export async function openBook(db: QueryExecutorProvider, input: NewBook): Promise<Totals> {
  validateText('book', input.book, 64);
  const { rows } = await sql<Selectable<TotalsTable>>`
    select * from ledger.open_book(${input.book}, ${input.currency}, ${input.maxAmount})`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('a book that was opened is not there');
  return totalsOf(row);
}

/**
 * Closes a book to receipts or opens it again: receipts that are committed later see it, and none is counted after a
 * close has committed. In a transaction call it first, so that all who need the book's lock take it first.
 * The answer is null when there is no such book.
 */
export async function setBookStatus(
  db: QueryExecutorProvider,
  book: string,
  status: BookStatus,
): Promise<Totals | null> {
  const { rows } = await sql<
    Selectable<TotalsTable>
  >`select * from ledger.set_status(${book}, ${status})`.execute(db);
  const [row] = rows;
  return row ? totalsOf(row) : null;
}
