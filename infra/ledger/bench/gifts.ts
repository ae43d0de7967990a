import { hashInput } from '../src/ledger.ts';
import type { TransferInput } from '../src/ledger.ts';

let serial = 0;

/** A gift that was never given before, to the books in turn. */
export function nextGift(books: readonly string[]): TransferInput {
  serial += 1;
  const book = books[serial % books.length] ?? '';
  const fields = { amount: 100n, currency: 'CNY' };
  return { book, id: `t${serial}`, payer: `p${serial}`, key: 'k', inputHash: hashInput(fields), ...fields };
}
