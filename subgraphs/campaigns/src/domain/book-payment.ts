import { newId } from '@banyan/kit/graphql';
import { hashInput, InvalidTransfer, openBook, type PostResult, type Totals } from '@banyan/ledger';
import type { ProviderPayment } from '@banyan/payments';
import type { Services } from '../context.ts';
import type { DonationRow } from '../db/donations.ts';
import { insertSuspendedFact, placeOf } from '../db/payments.ts';

/** What the ledger needs to know of a gift. */
export type PayableGift = Pick<
  DonationRow,
  'campaign_id' | 'id' | 'payer_id' | 'key' | 'input_hash' | 'amount' | 'currency' | 'provider'
>;

/** What became of money that has arrived. */
export type Booked =
  | { readonly state: 'COUNTED'; readonly countedAt: Date; readonly totals: Totals }
  | { readonly state: 'SUSPENSE' };

export type SuspenseReason =
  | Exclude<PostResult['outcome'], 'POSTED' | 'REPLAYED'>
  | 'AMOUNT_MISMATCH'
  | 'PAID_TWICE'
  | 'UNKNOWN_ORDER'
  | 'NOT_BOOKABLE';

/** The most that one payment in a book of suspense can be, in minor units. */
const maxSuspenseMinor = 999_999_999_999n;
/** The book of payments that belong to no campaign known here. */
const noCampaign = 'none';

/**
 * Posts money that the provider has taken for a gift. It is counted in the commit that posts it, once, however often it is
 * told. What does not fit is kept in suspense: another amount than was asked, a campaign that has closed meanwhile, a
 * second payment of the same order. What is in suspense stays there, also when the campaign takes gifts again and the
 * provider tells once more.
 * @throws LedgerOverloaded, LedgerUnavailable, OutcomeUnknown: the same call again, by a retry or the sweep, ends it.
 */
export async function bookPayment(
  services: Services,
  gift: PayableGift,
  payment: ProviderPayment,
): Promise<Booked> {
  const { amount } = payment;
  if (amount.minor !== gift.amount || amount.currency !== gift.currency) {
    return keepInSuspense(services, gift, payment, 'AMOUNT_MISMATCH');
  }
  if (isOrder(services, gift) && (await placeOfPayment(services, gift, payment)) === 'SUSPENDED') {
    return { state: 'SUSPENSE' };
  }
  const result = await post(services, gift, payment);
  if (result === undefined) return { state: 'SUSPENSE' };
  switch (result.outcome) {
    case 'POSTED':
    case 'REPLAYED':
      // The ledger counts a gift once and answers alike to whoever brings it, so the fact is asked. A capture happens
      // once under its key; only an order can be paid twice.
      if (isOrder(services, gift) && (await placeOfPayment(services, gift, payment)) !== 'PAID') {
        await keepInSuspense(services, gift, payment, 'PAID_TWICE');
      }
      return { state: 'COUNTED', countedAt: result.transfer.postedAt, totals: result.totals };
    default:
      return keepInSuspense(services, gift, payment, result.outcome);
  }
}

/** Undefined when another call has brought the payment into suspense meanwhile: the database holds it in one place. */
async function post(
  services: Services,
  gift: PayableGift,
  payment: ProviderPayment,
): Promise<PostResult | undefined> {
  const transfer = {
    book: gift.campaign_id,
    id: gift.id,
    payer: gift.payer_id,
    key: gift.key,
    inputHash: gift.input_hash,
    amount: gift.amount,
    currency: gift.currency,
    details: {
      provider: gift.provider,
      providerRef: payment.paymentId,
      capturedAt: payment.capturedAt.toISOString(),
    },
  };
  try {
    return await services.committer.post(transfer);
  } catch (error) {
    if (!(error instanceof InvalidTransfer)) throw error;
    if ((await placeOfPayment(services, gift, payment)) === 'SUSPENDED') return undefined;
    throw error;
  }
}

function isOrder({ ways }: Services, gift: PayableGift): boolean {
  return ways.find(gift.provider)?.mode === 'ORDER';
}

function placeOfPayment(
  { db }: Services,
  { campaign_id, provider }: PayableGift,
  { paymentId: provider_ref }: ProviderPayment,
) {
  return placeOf(db, { campaign_id, provider, provider_ref });
}

/** Whether it is money that a book can hold: more than nothing, in a currency. */
function isBookable({ amount: { minor, currency } }: ProviderPayment): boolean {
  return minor >= 1n && minor <= maxSuspenseMinor && /^[A-Z]{3}$/.test(currency);
}

/**
 * Books money that fits nowhere, so that it is never lost: in a book of the campaign's suspense, away from its totals.
 * What no book can hold, because it is no amount of money, is kept as a fact alone: a person must ask the provider.
 * `gift` is null when nobody knows what it was for.
 */
export async function keepInSuspense(
  { db, committer, log }: Services,
  gift: PayableGift | null,
  payment: ProviderPayment,
  reason: SuspenseReason,
  provider: string = gift?.provider ?? '',
): Promise<Booked> {
  const { minor, currency } = payment.amount;
  const campaignId = gift?.campaign_id ?? noCampaign;
  if (!isBookable(payment)) {
    const donationId = gift?.id ?? null;
    const { paymentId } = payment;
    const amount = `${minor} ${currency}`;
    log.error(
      { campaignId, donationId, paymentId, amount },
      'a payment that no book can hold is in suspense',
    );
    await insertSuspendedFact(db, {
      campaign_id: campaignId,
      provider,
      provider_ref: payment.paymentId,
      donation_id: donationId,
      amount: minor,
      currency,
      reason: 'NOT_BOOKABLE' satisfies SuspenseReason,
      happened_at: payment.capturedAt,
    });
    return { state: 'SUSPENSE' };
  }
  const book = `suspense:${campaignId}:${currency}`;
  log.warn(
    { reason, campaignId, donationId: gift?.id, paymentId: payment.paymentId },
    'a payment is in suspense',
  );
  await openBook(db, { book, currency, maxAmount: maxSuspenseMinor });
  const result = await committer.post({
    book,
    id: newId('sus'),
    payer: provider,
    // One booking for each payment, whatever it is told for and however often.
    key: payment.paymentId,
    inputHash: hashInput({ minor, currency }),
    amount: minor,
    currency,
    details: {
      suspense: reason,
      campaignId,
      donationId: gift?.id ?? null,
      provider,
      providerRef: payment.paymentId,
      capturedAt: payment.capturedAt.toISOString(),
    },
  });
  if (result.transfer === null) throw new Error(`suspense does not take a payment: ${result.outcome}`);
  return { state: 'SUSPENSE' };
}
