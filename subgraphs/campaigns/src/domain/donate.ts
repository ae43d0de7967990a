import { idempotencyKey, newId, parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import { hashInput, LedgerOverloaded, LedgerUnavailable, OutcomeUnknown, type Totals } from '@banyan/ledger';
import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { DonationRow } from '../db/donations.ts';
import { isPassing } from '../db/faults.ts';
import { WriterOverloaded } from '../db/group-writer.ts';
import type { NewIntent, OpenIntent } from '../db/intents.ts';
import { GateFull } from './gift-gate.ts';
import { intentRefused, outcomeUnknown, overloaded } from './gift-errors.ts';
import { hashGuestToken, minGuestKeyCharacters } from './guest-tokens.ts';
import { payGift } from './pay-gift.ts';

const maxMessageCharacters = 200;
/** How long to stay away when this process is full, in milliseconds. */
const gateRetryMs = 1_000;

const inputShape = z.object({
  campaignId: typeId('cmp'),
  amount: z.object({ minor: z.bigint(), currency: z.string() }),
  anonymous: z.boolean().nullish(),
  message: writtenText(maxMessageCharacters)
    .refine(
      (text) => text.isWellFormed() && !/[^\P{Cc}\0\n]/u.test(text),
      'There are characters in it that nobody can read. | 含有不可见字符。',
    )
    .refine((text) => !/https?:|www\./i.test(text), 'No links in a message, please. | 留言中请勿包含链接。')
    .nullish(),
  provider: z.string().max(40).nullish(),
  guestToken: z.string().min(1).max(100).nullish(),
  idempotencyKey,
});

export interface Given {
  readonly donation: DonationRow;
  /** With the totals that include the gift, if it was counted. */
  readonly campaign: { readonly id: string; readonly totals: Totals | null };
  readonly guestToken: string | null;
}

/**
 * Gives. Three commits in a row, of which two are ours and shared with all gifts of the moment: the intent, the
 * provider's capture under a key derived from it, the ledger's count. A crash between any two is ended by a retry with
 * the same key or by the sweep. Nothing else is asked of the database for a gift that is paid at once.
 */
export async function donate(services: Services, caller: Caller, input: unknown): Promise<Given> {
  const { gift, guestToken } = readGift(services, caller, input);
  try {
    return await services.gate.run(async () => {
      const opened = await services.intents.write(gift);
      if (opened.outcome !== 'OPENED' && opened.outcome !== 'REPLAYED') throw intentRefused(opened.outcome);
      const { donation, totals } = await payGift(services, donationOf(gift, opened));
      return { donation, campaign: { id: gift.campaignId, totals }, guestToken };
    });
  } catch (error) {
    throw shownGiftError(services, error) ?? error;
  }
}

function readGift(
  { ways, guests }: Services,
  caller: Caller,
  input: unknown,
): { gift: NewIntent; guestToken: string | null } {
  const {
    campaignId,
    amount,
    anonymous,
    message,
    provider,
    guestToken: shownToken,
    idempotencyKey: key,
  } = parseInput(inputShape, input);
  const way = provider == null ? ways.usual : ways.find(provider);
  if (way === undefined) throw noSuchProvider(ways.names);
  const isNewGuest = caller.subject === null && shownToken == null;
  if (isNewGuest && key.length < minGuestKeyCharacters) throw guestKeyTooShort();
  const guestToken = isNewGuest ? guests.issue(campaignId, key) : (shownToken ?? null);

  const id = newId('don');
  const isAnonymous = anonymous ?? false;
  const { minor, currency } = amount;
  const gift: NewIntent = {
    campaignId,
    id,
    newPayerId: newId('pyr'),
    userId: caller.subject,
    guestHash: guestToken === null ? null : hashGuestToken(guestToken),
    isNewPayer: isNewGuest || guestToken === null,
    key,
    inputHash: hashInput({ minor, currency, isAnonymous, provider: way.name }),
    amount: minor,
    currency,
    provider: way.name,
    orderKey: way.mode === 'ORDER' ? id : null,
    isAnonymous,
    message: message ?? null,
  };
  return { gift, guestToken };
}

/** The gift as the view would have it, without asking. */
function donationOf(gift: NewIntent, { outcome: _outcome, ...opened }: OpenIntent): DonationRow {
  return {
    ...opened,
    campaign_id: gift.campaignId,
    key: gift.key,
    input_hash: gift.inputHash,
    amount: gift.amount,
    currency: gift.currency,
    is_anonymous: gift.isAnonymous,
    message: gift.message,
  };
}

function shownGiftError({ log }: Services, error: unknown): GraphQLError | null {
  if (error instanceof GateFull) return overloaded(gateRetryMs);
  // Of the queue of intents: no later one lets this out.
  if (error instanceof WriterOverloaded) return overloaded(error.retryAfterMs);
  // The money is taken by now; that the ledger was full is our own affair.
  if (error instanceof LedgerOverloaded) return outcomeUnknown();
  if (error instanceof LedgerUnavailable || error instanceof OutcomeUnknown) return outcomeUnknown();
  if (!isPassing(error)) return null;
  log.warn({ err: error }, 'the database failed during a gift');
  return outcomeUnknown();
}

function noSuchProvider(names: readonly string[]) {
  return refuse(
    'INVALID_INPUT',
    { en: `One of: ${names.join(', ')}.`, zh: `请选择：${names.join('、')}。` },
    ['input', 'provider'],
  );
}

function guestKeyTooShort() {
  return refuse(
    'INVALID_INPUT',
    {
      en: `A guest's first key is a secret: at least ${minGuestKeyCharacters} random characters, such as a UUID.`,
      zh: `访客首次捐款的幂等键须为至少 ${minGuestKeyCharacters} 个随机字符（例如 UUID）。`,
    },
    ['input', 'idempotencyKey'],
  );
}
