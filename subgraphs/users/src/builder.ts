import { createBuilder, defineUserError } from '@banyan/kit/graphql';
import { currencyCodes } from '@banyan/vocabulary';
import type { Context } from './context.ts';
import { publicCopies } from './public-copies.ts';

export const builder = createBuilder<Context>(currencyCodes, { publicCopies });
builder.mutationType();

export const UsersUserError = defineUserError(builder, 'Users', [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'RATE_LIMITED',
  'CODE_WRONG',
  'CODE_EXPIRED',
  'TOO_MANY_ATTEMPTS',
  'TOKEN_REUSED',
  'NAME_ID_MISMATCH',
  'ALREADY_VERIFIED_ELSEWHERE',
  'IDEMPOTENCY_KEY_REUSED',
]);
