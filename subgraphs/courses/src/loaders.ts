import type { Page, ParentPageRequest } from '@banyan/kit/database';
import { createListLoader, createLoader, createPageLoader, isId } from '@banyan/kit/graphql';
import DataLoader from 'dataloader';
import type { Kysely } from 'kysely';
import { countCoursesOfInstructors, findCourses, findCoursesOfInstructors } from './db/courses.ts';
import type { Database } from './db/database.ts';
import { findEnrolments, findEnrolmentsOf, findWaitlistPlaces } from './db/enrolments.ts';
import { countLearners, findInstructors, findInstructorsOfUsers } from './db/instructors.ts';
import { findSessions, findSessionsOfCourses } from './db/live-sessions.ts';
import {
  countMicQueues,
  countWaiting,
  findLastMicChanges,
  findMicEntries,
  findMicPlaces,
  findMicQueues,
} from './db/mic-entries.ts';
import {
  countPostsBy,
  countPostsOfTopics,
  findComments,
  findPosts,
  findPostsOfAuthors,
  findPostsOfStations,
  findPostsOfTopics,
  type PostRow,
  type PostSort,
} from './db/posts.ts';
import { findPraisesOf } from './db/praises.ts';
import { findMembershipsOf, findStations, findStationsOfInstructors } from './db/stations.ts';
import { findHotTopicsOfStations, findTopics, findTopicsByKey, findTopicsOfPosts } from './db/topics.ts';

type Ids = readonly string[];

/** Things by ids of their own kind; what is no such id is nothing. */
function byId<Row extends { id: string }>(prefix: string, find: (ids: Ids) => Promise<readonly Row[]>) {
  return createLoader(
    async (ids) => {
      const known = ids.filter((id) => isId(prefix, id));
      return known.length === 0 ? [] : find(known);
    },
    (row) => row.id,
  );
}

/** How many of something each parent has. */
function totals(count: (parents: Ids) => Promise<readonly { parent: string; total: bigint }[]>) {
  return new DataLoader<string, bigint>(async (parents) => {
    const rows = new Map((await count(parents)).map((row) => [row.parent, row.total]));
    return parents.map((parent) => rows.get(parent) ?? 0n);
  });
}

/** Posts of parents, a loader for each order. */
function bySort(find: (sort: PostSort, requests: readonly ParentPageRequest[]) => Promise<Page<PostRow>[]>) {
  return {
    HOT: createPageLoader<PostRow>((requests) => find('HOT', requests)),
    NEW: createPageLoader<PostRow>((requests) => find('NEW', requests)),
  };
}

function catalogueLoaders(db: Kysely<Database>, callerId: string | null) {
  return {
    course: byId('crs', (ids) => findCourses(db, ids)),
    instructor: byId('itr', (ids) => findInstructors(db, ids)),
    instructorOfUser: createLoader(
      (userIds) => findInstructorsOfUsers(db, userIds),
      (row) => row.user_id,
    ),
    learners: createLoader(
      (ids) => countLearners(db, ids),
      (row) => row.instructor_id,
    ),
    coursesOfInstructor: createPageLoader((requests) => findCoursesOfInstructors(db, callerId, requests)),
    courseTotal: totals((ids) => countCoursesOfInstructors(db, callerId, ids)),
    enrolment: byId('enr', (ids) => findEnrolments(db, ids)),
    waitlistPlace: createLoader(
      (ids) => findWaitlistPlaces(db, ids),
      (row) => row.id,
    ),
  };
}

function sessionLoaders(db: Kysely<Database>) {
  return {
    session: byId('ses', (ids) => findSessions(db, ids)),
    sessionsOfCourse: createPageLoader((requests) => findSessionsOfCourses(db, requests)),
    micEntry: byId('mic', (ids) => findMicEntries(db, ids)),
    micQueue: createPageLoader((requests) => findMicQueues(db, requests)),
    micTotal: totals((ids) => countMicQueues(db, ids)),
    micWaiting: totals((ids) => countWaiting(db, ids)),
    lastMicChange: createLoader(
      (ids) => findLastMicChanges(db, ids),
      (row) => row.session_id,
    ),
  };
}

function stationLoaders(db: Kysely<Database>) {
  const hotTopicsLoader = (limit: number) =>
    createListLoader(
      (ids) => findHotTopicsOfStations(db, ids, limit),
      (row) => row.station_id,
    );
  const byLimit = new Map<number, ReturnType<typeof hotTopicsLoader>>();
  return {
    station: byId('stn', (ids) => findStations(db, ids)),
    stationOfInstructor: createLoader(
      (ids) => findStationsOfInstructors(db, ids),
      (row) => row.instructor_id,
    ),
    /** The loader of the `limit` hottest topics of stations. */
    hotTopics(limit: number) {
      const loader = byLimit.get(limit) ?? hotTopicsLoader(limit);
      byLimit.set(limit, loader);
      return loader;
    },
    topic: byId('tpc', (ids) => findTopics(db, ids)),
    topicByKey: createLoader(
      (keys) => findTopicsByKey(db, keys),
      (row) => row.name_key,
    ),
  };
}

function postLoaders(db: Kysely<Database>) {
  return {
    post: byId('pst', (ids) => findPosts(db, ids)),
    postsOfStation: bySort((sort, requests) => findPostsOfStations(db, sort, requests)),
    postsOfTopic: bySort((sort, requests) => findPostsOfTopics(db, sort, requests)),
    postsOfAuthor: createPageLoader((requests) => findPostsOfAuthors(db, requests)),
    comments: createPageLoader((requests) => findComments(db, requests)),
    postTotal: {
      station: totals((ids) => countPostsBy(db, 'station_id', ids)),
      author: totals((ids) => countPostsBy(db, 'author_id', ids)),
      topic: totals((ids) => countPostsOfTopics(db, ids)),
    },
    topicsOfPost: createListLoader(
      (ids) => findTopicsOfPosts(db, ids),
      (row) => row.post_id,
    ),
  };
}

/** What is the caller's own; nothing for who is not signed in. */
function ownLoaders(db: Kysely<Database>, callerId: string | null) {
  const own = <Row>(
    find: (userId: string, keys: Ids) => Promise<readonly Row[]>,
    keyOf: (row: Row) => string,
  ) => createLoader<Row>(async (keys) => (callerId === null ? [] : find(callerId, keys)), keyOf);
  return {
    ownEnrolment: own(
      (userId, ids) => findEnrolmentsOf(db, userId, ids),
      (row) => row.course_id,
    ),
    ownMicPlace: own(
      (userId, ids) => findMicPlaces(db, userId, ids),
      (row) => row.session_id,
    ),
    ownMembership: own(
      (userId, ids) => findMembershipsOf(db, userId, ids),
      (row) => row.station_id,
    ),
    ownPraise: own(
      (userId, ids) => findPraisesOf(db, userId, ids),
      (row) => row.post_id,
    ),
  };
}

/** One loader for each access path; made for one operation. */
export function createLoaders(db: Kysely<Database>, callerId: string | null) {
  return {
    ...catalogueLoaders(db, callerId),
    ...sessionLoaders(db),
    ...stationLoaders(db),
    ...postLoaders(db),
    ...ownLoaders(db, callerId),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
