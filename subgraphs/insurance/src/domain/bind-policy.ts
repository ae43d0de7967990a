import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { findPaymentOfPolicy, type PaymentRow } from '../db/payments.ts';
import { findPolicyOfQuote, insertPolicy, type PolicyRow } from '../db/policies.ts';
import { findProductDocuments, findProducts } from '../db/products.ts';
import { lockQuote, setQuoteState, type QuoteRow } from '../db/quotes.ts';
import { coverDates } from './cover-dates.ts';
import { askForPayment } from './payments/ask-for-payment.ts';
import { openPayment } from './payments/open-payment.ts';
import { alreadyDecided, keyReused, notFound } from './refusals.ts';

const maxDocuments = 50;
const inputShape = z.object({
  quoteId: typeId('quo'),
  acceptedDocumentSha256: z
    .array(z.string().max(64, 'SHA-256 in hexadecimal. | 请使用十六进制 SHA-256。'))
    .max(maxDocuments)
    .transform((hashes) => [...new Set(hashes.map((hash) => hash.toLowerCase()))].toSorted()),
  idempotencyKey,
});

/** Makes a policy of an open quote. It is in force once the premium is paid, which the provider tells. */
export async function bindPolicy(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ policy: PolicyRow }> {
  const { idempotencyKey: key, ...input } = parseInput(inputShape, given);
  const request = { key, fingerprint: inputFingerprint(input), accepted: input.acceptedDocumentSha256 };

  // 1. Policy and intent to be paid, in one commit.
  const { policy, payment } = await inTransaction(services.db, async (trx) => {
    const quote = await lockQuote(trx, personId, input.quoteId);
    if (quote === undefined) throw notFound('You have no such quote.', '您没有这份报价。', 'quoteId');
    return (await replay(trx, quote, request)) ?? (await bind(trx, services, quote, request));
  });

  // 2. The order at the provider, under the payment's own key: asked again it is the same order.
  if (payment !== undefined) await askForPayment(services, payment);
  return { policy };
}

interface BindRequest {
  readonly key: string;
  readonly fingerprint: string;
  readonly accepted: readonly string[];
}
interface Bound {
  readonly policy: PolicyRow;
  readonly payment: PaymentRow | undefined;
}

/** What became of the quote before; undefined when nothing did. */
async function replay(
  trx: Transaction<Database>,
  quote: QuoteRow,
  request: BindRequest,
): Promise<Bound | undefined> {
  const policy = await findPolicyOfQuote(trx, quote.id);
  if (policy === undefined) return undefined;
  if (policy.idempotency_key !== request.key) {
    throw alreadyDecided('This quote has become a policy.', '该报价已成为保单。', 'quoteId');
  }
  if (policy.input_fingerprint !== request.fingerprint) throw keyReused();
  return { policy, payment: await findPaymentOfPolicy(trx, policy.id) };
}

async function bind(
  trx: Transaction<Database>,
  services: Services,
  quote: QuoteRow,
  request: BindRequest,
): Promise<Bound> {
  const now = services.now();
  checkOpen(quote, now);
  await checkDocuments(trx, quote, request.accepted);
  const [product] = await findProducts(trx, [quote.product_id]);
  if (product === undefined) throw new Error('A quote without its product.');

  await setQuoteState(trx, quote.id, 'BOUND');
  const policy = await insertPolicy(trx, {
    id: newId('pol'),
    number: newPolicyNumber(now),
    quote_id: quote.id,
    product_id: product.id,
    owner_id: quote.owner_id,
    holder_reference: quote.holder_reference,
    birth_year: quote.birth_year,
    region_code: quote.region_code,
    premium_minor: quote.premium_minor,
    currency: quote.currency,
    state: 'PENDING_PAYMENT',
    ...coverDates(now, product.cooling_off_days),
    idempotency_key: request.key,
    input_fingerprint: request.fingerprint,
    cancel_reason: null,
    cancel_key: null,
    cancel_fingerprint: null,
    created_at: now,
  });
  const payment = await openPayment(trx, services, {
    payerId: quote.owner_id,
    subject: { policyId: policy.id },
    amount: { minor: quote.premium_minor, currency: quote.currency },
    description: `${product.name.zh} ${policy.number}`,
    key: request.key,
    fingerprint: request.fingerprint,
  });
  return { policy, payment };
}

function checkOpen(quote: QuoteRow, now: Date): void {
  switch (quote.state) {
    case 'DECLINED':
      throw refuse('NOT_ELIGIBLE', { en: 'The insurer declined this quote.', zh: '该报价未通过核保。' }, [
        'input',
        'quoteId',
      ]);
    case 'OPTED_OUT':
    case 'BOUND':
      throw alreadyDecided('This quote is closed.', '该报价已关闭。', 'quoteId');
    case 'OPEN':
      if (quote.expires_at > now) return;
      throw refuse(
        'QUOTE_EXPIRED',
        { en: 'This quote has expired. Ask for a new one.', zh: '报价已过期，请重新询价。' },
        ['input', 'quoteId'],
      );
    default:
      quote.state satisfies never;
  }
}

/** Exactly the documents of the quoted version: one less was not read, one more belongs to something else. */
async function checkDocuments(
  trx: Transaction<Database>,
  quote: QuoteRow,
  accepted: readonly string[],
): Promise<void> {
  const documents = await findProductDocuments(trx, [quote.product_id]);
  const required = [...new Set(documents.map((document) => document.sha256))].toSorted();
  if (required.join() === accepted.join()) return;
  throw refuse(
    'DOCUMENTS_NOT_ACCEPTED',
    {
      en: 'Accept exactly the documents of this product, by their SHA-256.',
      zh: '请逐一确认该产品的全部条款文件（以 SHA-256 标识）。',
    },
    ['input', 'acceptedDocumentSha256'],
  );
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A number that can be read out on the phone: year and fifty random bits, without letters that look alike. */
function newPolicyNumber(now: Date): string {
  const random = Array.from({ length: 10 }, () => letters.charAt(randomInt(letters.length))).join('');
  return `BY${now.getUTCFullYear()}${random}`;
}
