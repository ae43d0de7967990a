import type { EventTables } from '@banyan/kit/events';
import type { BackingsTable } from './backings.ts';
import type { CircleLinksTable } from './circle-links.ts';
import type { CirclesTable } from './circles.ts';
import type { KnownCampaignsTable } from './known-campaigns.ts';
import type { KnownOrganisationMembersTable, KnownOrganisationsTable } from './known-organisations.ts';
import type { KnownPeopleTable } from './known-people.ts';
import type { KnownStationsTable, StationLinksTable } from './stations.ts';
import type { MembershipsTable } from './memberships.ts';
import type { ModerationLogTable } from './moderation-log.ts';
import type { PostsTable } from './posts.ts';
import type { ReactionsTable } from './reactions.ts';

/** Tables of this subgraph, beside those of its events. */
export interface Database extends EventTables {
  circles: CirclesTable;
  memberships: MembershipsTable;
  backings: BackingsTable;
  station_links: StationLinksTable;
  circle_links: CircleLinksTable;
  posts: PostsTable;
  reactions: ReactionsTable;
  moderation_log: ModerationLogTable;
  known_people: KnownPeopleTable;
  known_organisations: KnownOrganisationsTable;
  known_organisation_members: KnownOrganisationMembersTable;
  known_campaigns: KnownCampaignsTable;
  known_stations: KnownStationsTable;
}
