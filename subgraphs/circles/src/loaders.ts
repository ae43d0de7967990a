import { createIdLoader, createListLoader, createLoader, createPageLoader } from '@banyan/kit/graphql';
import type DataLoader from 'dataloader';
import type { Kysely } from 'kysely';
import { pagesOfBackings, pagesOfSupporters } from './db/backings.ts';
import { findCircleLinks } from './db/circle-links.ts';
import { findCircles, pagesOfOrganisations } from './db/circles.ts';
import type { Database } from './db/database.ts';
import {
  findMemberships,
  findMembershipsOf,
  pagesOfApplications,
  pagesOfMembers,
  type MembersRequest,
} from './db/memberships.ts';
import { pagesOfModeration } from './db/moderation-log.ts';
import { findPosts, pagesOfComments, pagesOfPosts } from './db/posts.ts';
import { countReactions } from './db/reactions.ts';
import { findLinksOfCircles, findLinksOfStations } from './db/stations.ts';

/** One loader for each access path; made for one operation and its caller. */
export function createLoaders(db: Kysely<Database>, callerId: string | null) {
  return {
    circle: createIdLoader(
      'cir',
      (ids) => findCircles(db, ids),
      (circle) => circle.id,
    ),
    circlesOfOrganisation: createPageLoader((requests) => pagesOfOrganisations(db, requests)),
    membership: createIdLoader(
      'mbr',
      (ids) => findMemberships(db, ids),
      (membership) => membership.id,
    ),
    /** What the caller is to a circle, by the circle's id. */
    ownMembership: createLoader(
      async (circleIds) => (callerId === null ? [] : findMembershipsOf(db, callerId, circleIds)),
      (membership) => membership.circle_id,
    ),
    members: createPageLoader((requests: readonly MembersRequest[]) => pagesOfMembers(db, requests)),
    applications: createPageLoader((requests) => pagesOfApplications(db, requests)),
    moderation: createPageLoader((requests) => pagesOfModeration(db, requests)),
    post: createIdLoader(
      'pst',
      (ids) => findPosts(db, ids),
      (post) => post.id,
    ),
    posts: createPageLoader((requests) => pagesOfPosts(db, requests)),
    comments: createPageLoader((requests) => pagesOfComments(db, requests)),
    reactions: createListLoader(
      (postIds) => countReactions(db, postIds, callerId),
      (count) => count.post_id,
    ),
    links: createListLoader(
      (circleIds) => findCircleLinks(db, circleIds),
      (link) => link.from_id,
    ),
    stations: createListLoader(
      (circleIds) => findLinksOfCircles(db, circleIds),
      (link) => link.circle_id,
    ),
    circleOfStation: createIdLoader(
      'stn',
      (stationIds) => findLinksOfStations(db, stationIds),
      (link) => link.station_id,
    ),
    backings: createPageLoader((requests) => pagesOfBackings(db, requests)),
    supporters: createPageLoader((requests) => pagesOfSupporters(db, requests)),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

/** After a write: what was loaded before it may no longer be so. */
export function forgetLoaded(loaders: Loaders): void {
  for (const loader of Object.values(loaders) as DataLoader<unknown, unknown>[]) loader.clearAll();
}
