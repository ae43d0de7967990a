import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { AnswerReader } from './answers.ts';
import type { AnswerRow } from './answers.ts';
import { InvalidTransfer } from './errors.ts';
import { validateText, validateTransfer } from './validate.ts';
import type { WithdrawalInput, WithdrawalRefusal, WithdrawalResult } from './types.ts';

/** One call holds at most this; larger payouts are several. */
const limits = { maxAmount: 10n ** 15n, maxDetailsBytes: 4_096 };

/**
 * Takes money out of a book: never more than is available, never more of a receipt than it brought, each named
 * portion once, each key once. Works in the transaction that `db` is, if it is one, and holds the book's lock until its
 * end; so call it first and end soon. Throws `InvalidTransfer`, and what the database throws.
 */
export async function withdraw(db: QueryExecutorProvider, input: WithdrawalInput): Promise<WithdrawalResult> {
  const details = validateTransfer(input, limits);
  validateOrigin(input);
  const { rows } = await sql<{ answer: AnswerRow }>`
    select array[place::text, outcome, id, amount::text, transfer_version::text, ordinal::text, posted_at::text, status,
                 currency, credited::text, refunded::text, paid_out::text, available::text, receipt_count::text,
                 version::text, as_of::text] as answer
    from ledger.withdraw(
      ${input.book}, ${input.id}, ${input.payer}, ${input.key}, ${input.inputHash}, ${input.kind}, ${input.amount},
      ${input.currency}, ${input.origin?.transfer ?? null}, ${input.origin?.portion ?? null}, ${details}::jsonb
    )`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the ledger did not answer');
  return new AnswerReader().read<WithdrawalRefusal>(input, row.answer);
}

function validateOrigin({ kind, origin }: WithdrawalInput): void {
  if ((kind === 'REFUND') !== (origin !== undefined)) {
    throw new InvalidTransfer('origin', 'a refund names its receipt and portion, a payout does not');
  }
  if (!origin) return;
  validateText('origin.transfer', origin.transfer, 64);
  validateText('origin.portion', origin.portion, 128);
}
