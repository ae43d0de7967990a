import type { Kysely } from 'kysely';
import { findCircle, type CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { findMembership } from '../db/memberships.ts';
import { actsAs } from './belonging.ts';
import { noSuchCircle, notYours } from './refusals.ts';
import type { CircleRole } from './words.ts';

/**
 * The circle, for somebody who acts for it with at least this role.
 * @throws Refusal `NOT_FOUND` or `FORBIDDEN` at the input's field.
 */
export async function circleActedFor(
  db: Kysely<Database>,
  circleId: string,
  acting: { userId: string; role: CircleRole; field: string },
): Promise<CircleRow> {
  const circle = await findCircle(db, circleId);
  if (circle === undefined) throw noSuchCircle(acting.field);
  if (!actsAs(await findMembership(db, circleId, acting.userId), acting.role)) throw notYours(acting.field);
  return circle;
}
