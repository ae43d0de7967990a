import { createListLoader, createLoader, createPageLoader, isId } from '@banyan/kit/graphql';
import type DataLoader from 'dataloader';
import type { Kysely } from 'kysely';
import { findKeysOf } from './db/api-keys.ts';
import { findConsents } from './db/consents.ts';
import type { Database } from './db/database.ts';
import { findDevices } from './db/devices.ts';
import { sumInterests } from './db/facts.ts';
import { countUnread, pagesOfNotifications, type NotificationsRequest } from './db/notifications.ts';
import { findMembershipsIn, findMembershipsOf, pagesOfMembers } from './db/organisation-members.ts';
import { findOrganisations } from './db/organisations.ts';
import { findPartnerApps, findPartnerAppsOf } from './db/partner-apps.ts';
import { findPeople, findStaffRolesOf } from './db/people.ts';
import { findPortraitSettings } from './db/portrait-settings.ts';
import { findLatestChecks, findRealNames } from './db/real-names.ts';
import { findRelatives } from './db/relatives.ts';
import { findTrustRecords } from './db/trust-records.ts';
import { halfLifeMs } from './domain/portrait.ts';

/** Rows by ids from outside: what is no id of its kind is not looked for. */
function byId<Row extends { id: string }>(
  prefix: string,
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
): DataLoader<string, Row | null> {
  return createLoader(
    async (keys) => {
      const ids = keys.filter((key) => isId(prefix, key));
      return ids.length === 0 ? [] : find(ids);
    },
    (row) => row.id,
  );
}

/** One loader for each access path; made for one operation and its caller. */
export function createLoaders(db: Kysely<Database>, callerId: string | null, now: () => Date) {
  return {
    person: byId('usr', (ids) => findPeople(db, ids)),
    devices: createListLoader(
      (personIds: readonly string[]) => findDevices(db, personIds),
      (device) => device.person_id,
    ),
    staffRoles: createListLoader(
      (personIds) => findStaffRolesOf(db, personIds),
      (row) => row.person_id,
    ),
    consents: createListLoader(
      (personIds) => findConsents(db, personIds),
      (consent) => consent.person_id,
    ),
    portraitSettings: createLoader(
      (personIds) => findPortraitSettings(db, personIds),
      (settings) => settings.person_id,
    ),
    interests: createListLoader(
      (personIds) => sumInterests(db, personIds, { now: now(), halfLifeMs }),
      (interest) => interest.person_id,
    ),
    trustRecord: createLoader(
      (personIds) => findTrustRecords(db, personIds),
      (record) => record.personId,
    ),
    realName: createLoader(
      (personIds) => findRealNames(db, personIds),
      (name) => name.person_id,
    ),
    latestCheck: createLoader(
      (personIds) => findLatestChecks(db, personIds),
      (check) => check.person_id,
    ),
    organisation: byId('org', (ids) => findOrganisations(db, ids)),
    /** What the caller is to an organisation, by the organisation's id. */
    ownMembership: createLoader(
      async (organisationIds) => (callerId === null ? [] : findMembershipsIn(db, callerId, organisationIds)),
      (membership) => membership.organisation_id,
    ),
    memberships: createListLoader(
      (personIds) => findMembershipsOf(db, personIds),
      (membership) => membership.person_id,
    ),
    members: createPageLoader((requests) => pagesOfMembers(db, requests)),
    partnerApp: byId('app', (ids) => findPartnerApps(db, ids)),
    partnerApps: createListLoader(
      (organisationIds) => findPartnerAppsOf(db, organisationIds),
      (app) => app.organisation_id,
    ),
    apiKeys: createListLoader(
      (appIds) => findKeysOf(db, appIds),
      (key) => key.app_id,
    ),
    relative: byId('rel', (ids) => findRelatives(db, ids)),
    notifications: createPageLoader((requests: readonly NotificationsRequest[]) =>
      pagesOfNotifications(db, requests),
    ),
    unread: createLoader(
      (personIds) => countUnread(db, personIds),
      (row) => row.person_id,
    ),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

/** After a write: what was loaded before it may no longer be so. */
export function forgetLoaded(loaders: Loaders): void {
  for (const loader of Object.values(loaders) as DataLoader<unknown, unknown>[]) loader.clearAll();
}
