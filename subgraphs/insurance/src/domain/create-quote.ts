import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, newId, parseInput } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findNewestProduct, findRates } from '../db/products.ts';
import { findQuoteByKey, insertQuote, type QuoteRow } from '../db/quotes.ts';
import { ageOf } from './ages.ts';
import { addDays } from './cover-dates.ts';
import { holderOf } from './holder.ts';
import { productCode } from './product-code.ts';
import { keyReused, notFound, tooOften } from './refusals.ts';
import { regionCodePattern } from './regions.ts';
import { checkAnswers, declineReasons, premiumOf } from './underwriting.ts';

const maxAnswers = 50;
const plainText = (maxCharacters: number) =>
  z
    .string()
    .max(maxCharacters, `At most ${maxCharacters} characters. | 最多 ${maxCharacters} 个字符。`)
    .refine((text) => !text.includes('\0'), 'There is a NUL character in it. | 含有非法字符。');

const inputShape = z.object({
  productCode,
  holderReference: plainText(100),
  birthYear: z
    .int()
    .min(1900, 'A year since 1900. | 1900 年以后的年份。')
    .refine((year) => year <= new Date().getFullYear(), 'Not born yet. | 出生年份不能晚于今年。'),
  regionCode: z
    .string()
    .regex(regionCodePattern, 'An ISO 3166 code, such as CN-SH. | 请使用 ISO 3166 代码，例如 CN-SH。'),
  answers: z.array(z.object({ key: plainText(60), value: plainText(500) })).max(maxAnswers),
  idempotencyKey,
});

const noRate = { en: 'No rate for this age and region.', zh: '该年龄与地区暂无费率。' };

/** Asks what the newest version of a product costs a person for a year, or why she cannot have it. */
export async function createQuote(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ quote: QuoteRow }> {
  const { db, limits } = services;
  const input = parseInput(inputShape, given);
  const holder = holderOf(personId, input.holderReference);

  // 1. A key that is known gets what it got.
  const { idempotencyKey: key, ...rest } = input;
  const fingerprint = inputFingerprint(rest);
  const scope = { ownerId: holder.ownerId, productCode: input.productCode, key };
  const known = await findQuoteByKey(db, scope);
  if (known !== undefined) return { quote: sameInput(known, fingerprint) };

  // 2. The product's rules.
  const { allowed, retryAfterSeconds } = await limits.quotes.attempt(personId);
  if (!allowed) throw tooOften(retryAfterSeconds);
  const product = await findNewestProduct(db, input.productCode);
  if (product === undefined) throw notFound('There is no such product.', '没有这个产品。', 'productCode');
  checkAnswers(product.questions, input.answers);

  // 3. The insurer's answer.
  const now = services.now();
  const applicant = {
    age: ageOf(input.birthYear, now),
    regionCode: input.regionCode,
    answers: input.answers,
  };
  const reasons = declineReasons(product, applicant);
  const premium = premiumOf(await findRates(db, product.id), applicant);
  if (premium === null && reasons.length === 0) reasons.push(noRate);
  const accepted = premium !== null && reasons.length === 0;

  // 4. Kept; of two equal requests at once one is written, and both get it.
  const written = await inTransaction(db, (trx) =>
    insertQuote(
      trx,
      {
        id: newId('quo'),
        owner_id: holder.ownerId,
        holder_reference: holder.reference,
        product_id: product.id,
        product_code: product.code,
        birth_year: input.birthYear,
        region_code: input.regionCode,
        premium_minor: accepted ? premium : 0n,
        currency: product.currency,
        state: accepted ? 'OPEN' : 'DECLINED',
        decline_reasons: JSON.stringify(reasons),
        expires_at: addDays(now, product.quote_days),
        idempotency_key: key,
        input_fingerprint: fingerprint,
        created_at: now,
      },
      input.answers,
    ),
  );
  if (written !== undefined) return { quote: written };
  const winner = await findQuoteByKey(db, scope);
  if (winner === undefined) throw new Error('A quote was neither written nor found.');
  return { quote: sameInput(winner, fingerprint) };
}

function sameInput(quote: QuoteRow, fingerprint: string): QuoteRow {
  if (quote.input_fingerprint !== fingerprint) throw keyReused();
  return quote;
}
