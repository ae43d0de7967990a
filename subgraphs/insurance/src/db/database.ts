import type { EventTables } from '@banyan/kit/events';
import type { AidEntriesTable } from './aid-entries.ts';
import type { AidMembershipsTable } from './aid-memberships.ts';
import type { AidMemberCountsTable, AidPlansTable } from './aid-plans.ts';
import type { KeptNotificationsTable } from './kept-notifications.ts';
import type {
  CampaignPartiesTable,
  DeclinedOffersTable,
  OfferConsentsTable,
  SupportersTable,
} from './offer-facts.ts';
import type { PaymentFactsTable } from './payment-facts.ts';
import type { PaymentsTable } from './payments.ts';
import type { PoliciesTable } from './policies.ts';
import type { DocumentsTable, ProductDocumentsTable, ProductsTable, RatesTable } from './products.ts';
import type { QuoteAnswersTable, QuotesTable } from './quotes.ts';
import type { RefundsTable } from './refunds.ts';
import type { SuspenseTable } from './suspense.ts';

/** Tables of this subgraph, beside those of its events. */
export interface Database extends EventTables {
  products: ProductsTable;
  rates: RatesTable;
  documents: DocumentsTable;
  product_documents: ProductDocumentsTable;
  quotes: QuotesTable;
  quote_answers: QuoteAnswersTable;
  policies: PoliciesTable;
  aid_plans: AidPlansTable;
  aid_member_counts: AidMemberCountsTable;
  aid_memberships: AidMembershipsTable;
  aid_entries: AidEntriesTable;
  payments: PaymentsTable;
  payment_facts: PaymentFactsTable;
  refunds: RefundsTable;
  suspense: SuspenseTable;
  kept_notifications: KeptNotificationsTable;
  offer_consents: OfferConsentsTable;
  supporters: SupportersTable;
  campaign_parties: CampaignPartiesTable;
  declined_offers: DeclinedOffersTable;
}
