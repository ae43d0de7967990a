import type { SeenTotals } from '../observations.ts';
import type { ProviderPayment } from './provider.ts';

/** A gift as the ledger holds it. */
export interface BookedGift {
  key: string;
  campaignId: string;
  donationId: string;
  amount: bigint;
  version: bigint;
  /** Postings of the transfer and their sum: two and nought when it is whole. */
  legs: number;
  balance: bigint;
  /** What its postings credit to the campaign. */
  credited: bigint;
}

/** A campaign's totals row, and the same recomputed from the postings. */
export interface BookedTotals {
  campaignId: string;
  row: SeenTotals;
  recomputed: { raised: bigint; count: bigint };
}

/** A gift that was begun: money may have been asked for. */
export interface BookedIntent {
  key: string;
  campaignId: string;
  donationId: string;
}

/** An entry under a key that is none of the run, which no intent stands behind: nobody began it. */
export type UnbegunGift = Pick<BookedGift, 'key' | 'campaignId' | 'amount'>;

/** What the ledger says of a campaign that was ended in the run. */
export interface BookedClosing {
  /** Null when there is no such book. */
  status: 'OPEN' | 'CLOSED' | null;
  /** Null when no version of the totals is a close. */
  closedAtVersion: bigint | null;
  /** Gifts of anybody that have a later version. */
  countedAfter: readonly { key: string; amount: bigint; version: bigint }[];
}

/** What the books say of a payment of the provider. */
export interface PaymentFact {
  paymentId: string;
  kind: 'PAID' | 'SUSPENDED';
  donationId: string | null;
  amount: bigint;
  /** Why it is in suspense. */
  reason: string | null;
}

export interface Books {
  gifts: readonly BookedGift[];
  totals: ReadonlyMap<string, BookedTotals>;
  intents: readonly BookedIntent[];
  unbegun: readonly UnbegunGift[];
  facts: readonly PaymentFact[];
  /** By campaign. */
  closings: ReadonlyMap<string, BookedClosing>;
  /** Of the payments asked about: keys that belong to a gift, of this run or another. */
  knownKeys: ReadonlySet<string>;
}

/** What to read, and about whom. */
export interface BooksOfRun {
  databaseUrl: string;
  /** What all keys of the run begin with. */
  keyPrefix: string;
  campaignIds: readonly string[];
  /** Campaigns that were ended, and the version of their totals when that was known. */
  closings: Iterable<{ readonly campaignId: string; readonly version: bigint }>;
  /** Payments of the provider that must be found again. */
  payments: readonly ProviderPayment[];
}
