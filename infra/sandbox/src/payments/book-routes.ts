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
      const entries = merchant === null ? read : read.filter((entry) => entry.merchant === merchant);
      const next = since + read.length;
      return ok({ entries: entries.map(viewEntry), next, more: next < book.entries.length });
    },
  };
}

function viewEntry({ minor, currency, key, ...entry }: Entry) {
  return { ...entry, merchantKey: key, amount: { minor, currency } };
}
