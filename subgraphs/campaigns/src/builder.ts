import { createBuilder, defineUserError } from '@banyan/kit/graphql';
import { currencyCodes } from '@banyan/vocabulary';
import type { Context } from './context.ts';
import { publicCopies } from './public-copies.ts';

export const builder = createBuilder<Context>(currencyCodes, { publicCopies });
builder.mutationType();
builder.subscriptionType();

export const CampaignsUserError = defineUserError(builder, 'Campaigns', [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'NOT_LIVE',
  'AMOUNT_OUT_OF_RANGE',
  'CURRENCY_MISMATCH',
  'RELATION_NOT_ALLOWED',
  'RELATION_NOT_VERIFIED',
  'CHARITY_NOT_LICENSED',
  'IDEMPOTENCY_KEY_REUSED',
  'RATE_LIMITED',
]);
