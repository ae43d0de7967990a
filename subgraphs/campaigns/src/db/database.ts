import type { EventTables } from '@banyan/kit/events';
import type { LedgerTables } from '@banyan/ledger';
import type { AuditLogTable } from './audit-log.ts';
import type { CampaignsTable, StatusChangesTable } from './campaigns.ts';
import type { DonationsView, PublicDonationsView } from './donations.ts';
import type { GiftMessagesTable, IntentsTable, PayersTable, PaymentRoutesTable } from './intents.ts';
import type { OrganisationMembersTable, OrganisationsTable } from './organisations.ts';
import type { CheckoutsTable, KeptNotificationsTable, PaymentFactsTable } from './payments.ts';
import type { RelativesTable } from './relatives.ts';
import type { GateDecisionsTable, ReviewCasesTable, ReviewGatesTable } from './reviews.ts';
import type { SubmissionsTable } from './submissions.ts';
import type { SweepProgressTable, UnsettledTable } from './unsettled.ts';

/** Tables of this subgraph, beside those of its events and its ledger. */
export interface Database extends EventTables, LedgerTables {
  campaigns: CampaignsTable;
  status_changes: StatusChangesTable;
  submissions: SubmissionsTable;
  audit_log: AuditLogTable;
  review_cases: ReviewCasesTable;
  review_gates: ReviewGatesTable;
  gate_decisions: GateDecisionsTable;
  relatives: RelativesTable;
  organisations: OrganisationsTable;
  organisation_members: OrganisationMembersTable;
  payers: PayersTable;
  intents: IntentsTable;
  gift_messages: GiftMessagesTable;
  payment_facts: PaymentFactsTable;
  payment_routes: PaymentRoutesTable;
  checkouts: CheckoutsTable;
  kept_notifications: KeptNotificationsTable;
  sweep_progress: SweepProgressTable;
  unsettled: UnsettledTable;
  donations: DonationsView;
  public_donations: PublicDonationsView;
}
