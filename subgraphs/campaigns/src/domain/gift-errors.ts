import { refuse, shownError, type Refusal } from '@banyan/kit/graphql';
import type { GraphQLError } from 'graphql';
import type { IntentRefusal } from '../db/intents.ts';

/** Nothing has happened, and it is worth coming back. */
export function overloaded(retryAfterMs: number): GraphQLError {
  return shownError('OVERLOADED', 'Many people give at this moment. Try again shortly.', {
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)),
    retryable: true,
  });
}

/** Money may have been taken. The same request again, with the same key, finds out; so does the sweep by itself. */
export function outcomeUnknown(): GraphQLError {
  return shownError(
    'OUTCOME_UNKNOWN',
    'Whether the gift was paid is not known yet. Ask again with the same key; nothing is taken twice.',
    { retryable: true, retryAfterSeconds: 1 },
  );
}

const wordings: Readonly<
  Record<IntentRefusal, readonly [code: string, field: readonly string[], en: string, zh: string]>
> = {
  KEY_REUSED: [
    'IDEMPOTENCY_KEY_REUSED',
    ['input', 'idempotencyKey'],
    'This key was used for another gift. Take a new one.',
    '该幂等键已用于另一笔捐款，请换用新的键。',
  ],
  GUEST_UNKNOWN: [
    'NOT_FOUND',
    ['input', 'guestToken'],
    'This is no guest known here.',
    '没有找到该访客凭证。',
  ],
  CAMPAIGN_UNKNOWN: ['NOT_FOUND', ['input', 'campaignId'], 'There is no such campaign.', '没有这个项目。'],
  NOT_LIVE: [
    'NOT_LIVE',
    ['input', 'campaignId'],
    'This campaign takes no gifts at the moment.',
    '该项目目前不接受捐款。',
  ],
  CURRENCY_MISMATCH: [
    'CURRENCY_MISMATCH',
    ['input', 'amount', 'currency'],
    'This campaign collects in another currency.',
    '该项目不接受此币种。',
  ],
  AMOUNT_OUT_OF_RANGE: [
    'AMOUNT_OUT_OF_RANGE',
    ['input', 'amount', 'minor'],
    'More than nothing, and not more than one gift may be.',
    '金额须大于零，且不超过单笔上限。',
  ],
};

export function intentRefused(refusal: IntentRefusal): Refusal {
  const [code, field, en, zh] = wordings[refusal];
  return refuse(code, { en, zh }, field);
}
