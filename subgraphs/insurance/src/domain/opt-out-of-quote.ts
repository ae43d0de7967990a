import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockQuote, setQuoteState, type QuoteRow } from '../db/quotes.ts';
import { alreadyDecided, notFound } from './refusals.ts';

const inputShape = z.object({ quoteId: typeId('quo') });

/** Says no to a quote; saying it again changes nothing. */
export async function optOutOfQuote(
  { db }: Services,
  personId: string,
  given: unknown,
): Promise<{ quote: QuoteRow }> {
  const { quoteId } = parseInput(inputShape, given);
  return inTransaction(db, async (trx) => {
    const quote = await lockQuote(trx, personId, quoteId);
    if (quote === undefined) throw notFound('You have no such quote.', '您没有这份报价。', 'quoteId');
    switch (quote.state) {
      case 'OPTED_OUT':
      case 'DECLINED':
        return { quote };
      case 'BOUND':
        throw alreadyDecided('This quote has become a policy.', '该报价已成为保单。', 'quoteId');
      case 'OPEN':
        return { quote: await setQuoteState(trx, quote.id, 'OPTED_OUT') };
      default:
        return quote.state satisfies never;
    }
  });
}
