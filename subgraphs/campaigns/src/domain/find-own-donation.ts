import { idempotencyKey, isId } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';
import { findDonationByKey, type DonationRow, type OwnedDonationRow } from '../db/donations.ts';
import { hashGuestToken } from './guest-tokens.ts';

/** Whether a gift is the caller's, by the account or by the guest's secret. */
function isOwn(donation: OwnedDonationRow, callerId: string | null, guestToken: string | null): boolean {
  if (callerId !== null && donation.user_id === callerId) return true;
  return guestToken !== null && donation.guest_hash === hashGuestToken(guestToken);
}

/** The caller's own gift of that id; nobody learns whether another's exists. */
export async function findOwnDonation(
  { loaders, caller }: Context,
  id: string,
  guestToken: string | null,
): Promise<DonationRow | null> {
  const donation = isId('don', id) ? await loaders.donation.load(id) : null;
  return donation !== null && isOwn(donation, caller.subject, guestToken) ? donation : null;
}

/** What became of the caller's gift under a key, whose answer may have been lost. */
export async function findOwnDonationByKey(
  { db, guests, caller }: Context,
  of: { campaignId: string; key: string; guestToken: string | null },
): Promise<DonationRow | null> {
  const { campaignId, key } = of;
  if (!isId('cmp', campaignId) || !idempotencyKey.safeParse(key).success) return null;
  // A guest whose first answer was lost has no secret yet, and the key leads to it.
  const token = of.guestToken ?? (caller.subject === null ? guests.issue(campaignId, key) : null);
  const guestHash = token === null ? null : hashGuestToken(token);
  return (await findDonationByKey(db, { campaignId, key, userId: caller.subject, guestHash })) ?? null;
}
