import { createBuilder, defineUserError } from '@banyan/kit/graphql';
import { currencyCodes } from '@banyan/vocabulary';
import type { Context } from './context.ts';
import { publicCopies } from './public-copies.ts';

export const builder = createBuilder<Context>(currencyCodes, { publicCopies });
builder.mutationType();

export const CirclesUserError = defineUserError(builder, 'Circles', [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'RATE_LIMITED',
  'NOT_INVITED',
  'REAL_NAME_REQUIRED',
  'TRUST_TOO_LOW',
  'LICENCE_REQUIRED',
  'IDEMPOTENCY_KEY_REUSED',
]);
