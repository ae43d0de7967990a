import { sql, type ColumnType, type Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { DonationState } from './donations.ts';

/** A random reference that stands for somebody who pays. Deleting the row makes the payer unknown for ever. */
export interface PayersTable {
  id: string;
  user_id: string | null;
  /** SHA-256 of the guest's secret, which is 256 random bits. */
  guest_hash: string | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** The fact INTENT. Append-only. */
export interface IntentsTable {
  campaign_id: string;
  id: string;
  payer_id: string;
  key: string;
  input_hash: string;
  amount: bigint;
  currency: string;
  provider: string;
  is_anonymous: boolean;
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** What a donor wrote; may be deleted. */
export interface GiftMessagesTable {
  campaign_id: string;
  donation_id: string;
  message: string;
}

/** To which gift a provider's order belongs: never the notification's own word. */
export interface PaymentRoutesTable {
  provider: string;
  order_key: string;
  campaign_id: string;
  donation_id: string;
}

/** A gift that somebody means to give. */
export interface NewIntent {
  readonly campaignId: string;
  /** Id of the donation if the key is new. */
  readonly id: string;
  /** Reference of the payer if it has none yet. */
  readonly newPayerId: string;
  readonly userId: string | null;
  readonly guestHash: string | null;
  /** Whether the payer may be made, which is not so for a guest's secret that must be known. */
  readonly isNewPayer: boolean;
  readonly key: string;
  readonly inputHash: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly provider: string;
  /** The provider's order, where the payer pays later. */
  readonly orderKey: string | null;
  readonly isAnonymous: boolean;
  readonly message: string | null;
}

export type IntentRefusal =
  | 'KEY_REUSED'
  | 'GUEST_UNKNOWN'
  | 'CAMPAIGN_UNKNOWN'
  | 'NOT_LIVE'
  | 'CURRENCY_MISMATCH'
  | 'AMOUNT_OUT_OF_RANGE';

/** OPENED by this call, or REPLAYED: the gift that the key stands for, as far as it has come. */
export interface OpenIntent {
  readonly outcome: 'OPENED' | 'REPLAYED';
  readonly id: string;
  readonly payer_id: string;
  readonly created_at: Date;
  readonly state: DonationState;
  readonly counted_at: Date | null;
  readonly provider: string;
  readonly provider_ref: string | null;
  readonly captured_at: Date | null;
  readonly checkout_url: string | null;
  readonly checkout_expires_at: Date | null;
}
export type IntentAnswer = OpenIntent | { readonly outcome: IntentRefusal };

/** Commits intents in one transaction and says for each what stands under its key. Same effect when it is run twice. */
export async function openIntents(
  db: Kysely<Database>,
  batch: readonly NewIntent[],
): Promise<readonly IntentAnswer[]> {
  const column = <Name extends keyof NewIntent>(name: Name) => batch.map((each) => each[name]);
  const { rows } = await sql<IntentAnswer>`
    select outcome, id, payer_id, created_at, state, counted_at, provider, provider_ref, captured_at, checkout_url,
           checkout_expires_at
    from open_intents(
      ${column('campaignId')}::text[], ${column('id')}::text[], ${column('newPayerId')}::text[],
      ${column('userId')}::text[], ${column('guestHash')}::text[], ${column('isNewPayer')}::boolean[],
      ${column('key')}::text[], ${column('inputHash')}::text[], ${column('amount').map(String)}::bigint[],
      ${column('currency')}::text[], ${column('provider')}::text[], ${column('orderKey')}::text[],
      ${column('isAnonymous')}::boolean[], ${column('message')}::text[]
    ) order by place`.execute(db);
  return rows;
}
