import { wholeNumber } from '../http/input.ts';
import { ok, type Routes } from '../http/reply.ts';
import type { Book, Entry } from './book.ts';

const maxEntriesPerPage = 10_000;

/** The statement, for an auditor: every payment and refund, in order. */
export function bookRoutes(book: Book): Routes {
  return {
    'GET /payments/book': (call) => {
      const since = wholeNumber(call, 'since', 0, Number.MAX_SAFE_INTEGER);
      const limit = Math.max(1, wholeNumber(call, 'limit', 1_000, maxEntriesPerPage));
      const merchant = call.query.get('merchant');
      const read = book.entries.slice(since, since + limit);
      const entries = read
        .map((entry, index) => viewEntry(book, entry, since + index + 1))
        .filter((entry) => merchant === null || entry.merchant === merchant);
      const next = since + read.length;
      return ok({ entries, next, more: next < book.entries.length });
    },
  };
}

function viewEntry(book: Book, entry: Entry, sequence: number) {
  const { paymentId, merchant, key, at } = entry;
  const refundId = 'refundId' in entry ? entry.refundId : null;
  return {
    sequence,
    kind: refundId === null ? 'PAYMENT' : 'REFUND',
    id: refundId ?? paymentId,
    paymentId,
    merchant,
    merchantKey: key,
    amount: { minor: entry.minor.toString(), currency: book.payments.get(paymentId)?.currency },
    at,
  };
}
