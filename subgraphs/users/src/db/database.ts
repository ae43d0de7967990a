import type { EventTables } from '@banyan/kit/events';
import type { AuditEntriesTable } from './audit-entries.ts';
import type { ApiKeysTable } from './api-keys.ts';
import type { ConsentChangesTable, ConsentsTable } from './consents.ts';
import type { DevicesTable, RefreshTokensTable } from './devices.ts';
import type { KnownCampaignsTable, PersonFactsTable, TrustDueTable } from './facts.ts';
import type { NotificationsTable } from './notifications.ts';
import type { OrganisationMembersTable } from './organisation-members.ts';
import type { OrganisationsTable } from './organisations.ts';
import type { PartnerAppsTable } from './partner-apps.ts';
import type { PeopleTable, StaffRolesTable } from './people.ts';
import type { PortraitSettingsTable } from './portrait-settings.ts';
import type { RealNameChecksTable, RealNamesTable } from './real-names.ts';
import type { RelativesTable } from './relatives.ts';
import type { SignInCodesTable } from './sign-in-codes.ts';

/** Tables of this subgraph, beside those of its events. */
export interface Database extends EventTables {
  people: PeopleTable;
  staff_roles: StaffRolesTable;
  sign_in_codes: SignInCodesTable;
  devices: DevicesTable;
  refresh_tokens: RefreshTokensTable;
  consents: ConsentsTable;
  consent_changes: ConsentChangesTable;
  person_facts: PersonFactsTable;
  trust_due: TrustDueTable;
  known_campaigns: KnownCampaignsTable;
  portrait_settings: PortraitSettingsTable;
  organisations: OrganisationsTable;
  organisation_members: OrganisationMembersTable;
  audit_entries: AuditEntriesTable;
  relatives: RelativesTable;
  real_name_checks: RealNameChecksTable;
  real_names: RealNamesTable;
  notifications: NotificationsTable;
  partner_apps: PartnerAppsTable;
  api_keys: ApiKeysTable;
}
