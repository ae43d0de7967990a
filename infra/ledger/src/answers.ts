import pg from 'pg';
import type { BookStatus, Counted, PostedTransfer, Refused, Totals } from './types.ts';

/** Columns of `ledger.answer`, in its order, as PostgreSQL's own text. */
export type AnswerRow = readonly (string | null)[];

/** Leaves every value as text: most of a batch's columns say the same, and are parsed once. */
export const textTypes: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;
const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;

/** What an answer is about. */
export interface Asked {
  readonly book: string;
  readonly id: string;
}

/** Reads the answers to one batch; totals and times that repeat are made once. */
export class AnswerReader {
  readonly #totals = new Map<string, Totals>();
  readonly #times = new Map<string, Date>();

  /** Throws when the database answered with something that is no answer. */
  read<Reason extends string>(asked: Asked, row: AnswerRow): Counted | Refused<Reason> {
    const [, outcome] = row;
    const totals = row[7] === null ? null : this.#readTotals(asked.book, row);
    if (outcome !== 'POSTED' && outcome !== 'REPLAYED') {
      return { outcome: text(outcome) as Reason, transfer: null, totals };
    }
    const [, , id, amount, version, ordinal, postedAt] = row;
    if (!totals) throw new Error('the ledger counted a transfer without totals');
    const transfer: PostedTransfer = {
      book: asked.book,
      id: text(id),
      amount: BigInt(text(amount)),
      currency: totals.currency,
      version: BigInt(text(version)),
      ordinal: Number(text(ordinal)),
      postedAt: this.#readTime(text(postedAt)),
    };
    // After a lost connection the same batch is sent again: what it finds under this very id is its own work.
    return { outcome: transfer.id === asked.id ? 'POSTED' : 'REPLAYED', transfer, totals };
  }

  #readTotals(book: string, row: AnswerRow): Totals {
    const known = this.#totals.get(book);
    if (known) return known;
    const [status, currency, credited, refunded, paidOut, available, receiptCount, version, asOf] = row
      .slice(7, 16)
      .map((each) => text(each));
    const totals: Totals = {
      book,
      status: text(status) as BookStatus,
      currency: text(currency),
      credited: BigInt(text(credited)),
      refunded: BigInt(text(refunded)),
      paidOut: BigInt(text(paidOut)),
      available: BigInt(text(available)),
      receiptCount: BigInt(text(receiptCount)),
      version: BigInt(text(version)),
      asOf: this.#readTime(text(asOf)),
    };
    this.#totals.set(book, totals);
    return totals;
  }

  #readTime(from: string): Date {
    const known = this.#times.get(from);
    if (known) return known;
    const time = parseTimestamp(from);
    this.#times.set(from, time);
    return time;
  }
}

function text(value: string | null | undefined): string {
  if (value == null) throw new Error('the ledger left a column of its answer empty');
  return value;
}
