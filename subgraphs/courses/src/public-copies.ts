import type { PublicCopies } from '@banyan/kit/graphql';

/**
 * What the edge may keep copies of: fields that are the same for everybody and change only together with a row that
 * db/migrations/0006-changes.ts announces. Everything else is read anew.
 */
export const publicCopies: PublicCopies = {
  Query: {
    course: { maxAge: 60, finds: 'Course' },
    courses: { maxAge: 60, lists: ['Course'] },
    station: { maxAge: 60, finds: 'Station' },
  },
  Course: {
    title: { maxAge: 60 },
    summary: { maxAge: 60 },
    craft: { maxAge: 60 },
    state: { maxAge: 60 },
    capacity: { maxAge: 60 },
    enrolledCount: { maxAge: 60 },
    sessions: { maxAge: 60, lists: ['LiveSession'] },
    instructor: { maxAge: 60, finds: 'Instructor' },
    station: { maxAge: 60, finds: 'Station' },
  },
  LiveSession: {
    course: { maxAge: 60, finds: 'Course' },
    state: { maxAge: 60 },
    startsAt: { maxAge: 60 },
    endedAt: { maxAge: 60 },
  },
  Instructor: {
    user: { maxAge: 60 },
    bio: { maxAge: 60 },
    crafts: { maxAge: 60 },
    verifiedAt: { maxAge: 60 },
  },
  Station: {
    name: { maxAge: 60 },
    instructor: { maxAge: 60, finds: 'Instructor' },
    slowModeSeconds: { maxAge: 60 },
    memberCount: { maxAge: 60 },
  },
};
