import type { Payload } from '@banyan/kit/graphql';
import { builder, InsuranceUserError } from '../builder.ts';
import type { QuoteRow } from '../db/quotes.ts';
import { createQuote } from '../domain/create-quote.ts';
import { optOutOfQuote } from '../domain/opt-out-of-quote.ts';
import { quoteState } from '../domain/states.ts';
import { quoteStates } from '../domain/words.ts';
import { act } from './act.ts';
import { InsuranceProduct } from './insurance-product.ts';
import { ownOrNull } from './own.ts';

const QuoteState = builder.enumType('QuoteState', { values: quoteStates });

const Quote = builder.objectRef<QuoteRow>('Quote').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    product: t.field({
      type: InsuranceProduct,
      resolve: async ({ product_id }, _args, { loaders }) => {
        const product = await loaders.product.load(product_id);
        if (product === null) throw new Error('A quote without its product.');
        return product;
      },
    }),
    premium: t.field({
      type: 'Money',
      description: 'For a year; zero where the insurer declined.',
      resolve: ({ premium_minor, currency }) => ({ minor: premium_minor, currency }),
    }),
    expiresAt: t.expose('expires_at', { type: 'DateTime' }),
    state: t.field({ type: QuoteState, resolve: (quote, _args, { now }) => quoteState(quote, now()) }),
    declineReasons: t.stringList({
      resolve: ({ decline_reasons }, _args, { language }) =>
        decline_reasons.map((reason) => reason[language]),
    }),
  }),
});

builder.asEntity(Quote, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) =>
    ownOrNull(
      context,
      { prefix: 'quo', id },
      (quoteId) => context.loaders.quote.load(quoteId),
      (quote) => quote.owner_id,
    ),
});

builder.queryField('quote', (t) =>
  t.field({
    type: Quote,
    nullable: true,
    description: 'One’s own quote; null for everybody else’s.',
    args: { id: t.arg.id() },
    resolve: (_root, { id }, context) =>
      ownOrNull(
        context,
        { prefix: 'quo', id },
        (quoteId) => context.loaders.quote.load(quoteId),
        (quote) => quote.owner_id,
      ),
  }),
);

const QuotePayload = builder.objectRef<Payload<{ quote: QuoteRow }>>('QuotePayload').implement({
  fields: (t) => ({
    quote: t.expose('quote', { type: Quote, nullable: true }),
    userErrors: t.expose('userErrors', { type: [InsuranceUserError] }),
  }),
});

const AnswerInput = builder.inputType('AnswerInput', {
  fields: (t) => ({ key: t.string(), value: t.string() }),
});

const CreateQuoteInput = builder.inputType('CreateQuoteInput', {
  fields: (t) => ({
    productCode: t.string(),
    holderReference: t.string({ description: 'Who is to be insured: one’s own id.' }),
    birthYear: t.int(),
    regionCode: t.string(),
    answers: t.field({ type: [AnswerInput] }),
    idempotencyKey: t.string(),
  }),
});

builder.mutationField('createQuote', (t) =>
  t.field({
    type: QuotePayload,
    directives: { cost: { weight: 50 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreateQuoteInput }) },
    resolve: (_root, { input }, context) => act(context, createQuote, input),
  }),
);

const OptOutOfQuoteInput = builder.inputType('OptOutOfQuoteInput', { fields: (t) => ({ quoteId: t.id() }) });

builder.mutationField('optOutOfQuote', (t) =>
  t.field({
    type: QuotePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: OptOutOfQuoteInput }) },
    resolve: (_root, { input }, context) => act(context, optOutOfQuote, input),
  }),
);
