import type { CourseState } from '../db/courses.ts';

const moves: Readonly<Record<CourseState, readonly CourseState[]>> = {
  DRAFT: ['PUBLISHED', 'ARCHIVED'],
  PUBLISHED: ['ARCHIVED'],
  ARCHIVED: ['PUBLISHED'],
};

/** Whether a course may go from one state to another; to stay is no move. */
export function mayBecome(from: CourseState, to: CourseState): boolean {
  return moves[from].includes(to);
}

/** Whether a caller may see a course: a draft is its instructor's own. */
export function mayBeSeenBy(
  course: { state: CourseState; owner_id: string },
  callerId: string | null,
): boolean {
  return course.state !== 'DRAFT' || course.owner_id === callerId;
}
