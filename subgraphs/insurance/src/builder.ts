import { createBuilder, defineUserError } from '@banyan/kit/graphql';
import { currencyCodes } from '@banyan/vocabulary';
import type { Context } from './context.ts';
import { publicCopies } from './public-copies.ts';

export const builder = createBuilder<Context>(currencyCodes, { publicCopies });
builder.mutationType();

export const InsuranceUserError = defineUserError(builder, 'Insurance', [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'RATE_LIMITED',
  'QUOTE_EXPIRED',
  'NOT_ELIGIBLE',
  'DOCUMENTS_NOT_ACCEPTED',
  'COOLING_OFF_OVER',
  'ALREADY_DECIDED',
  'IDEMPOTENCY_KEY_REUSED',
]);
