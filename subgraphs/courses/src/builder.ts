import { createBuilder, defineUserError } from '@banyan/kit/graphql';
import { currencyCodes } from '@banyan/vocabulary';
import type { Context } from './context.ts';
import { publicCopies } from './public-copies.ts';

export const builder = createBuilder<Context>(currencyCodes, { publicCopies });
builder.mutationType();
builder.subscriptionType();

export const CoursesUserError = defineUserError(builder, 'Courses', [
  'INVALID_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'RATE_LIMITED',
  'NOT_ENROLLED',
  'SESSION_NOT_LIVE',
  'ALREADY_QUEUED',
  'LINK_BLOCKED',
  'SLOW_MODE',
  'MUTED',
  'IDEMPOTENCY_KEY_REUSED',
]);
