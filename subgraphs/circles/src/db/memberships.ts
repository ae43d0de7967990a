import { keysetPage, keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { ColumnType, Generated, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import { belongingStates, type CircleRole, type MembershipState } from '../domain/words.ts';
import type { Database } from './database.ts';

/** What a person is to a circle, from the first application on. One row for a person and a circle, for good. */
export interface MembershipsTable {
  id: string;
  circle_id: string;
  user_id: string;
  role: CircleRole;
  state: MembershipState;
  /** Of the last decision. */
  reason: string | null;
  /** To the circle's questions, in their order. */
  answers: readonly string[];
  /** Left while muted, so that coming back does not undo it. */
  returns_muted: Generated<boolean>;
  created_at: ColumnType<Date, Date | undefined, never>;
  /** Since when the state is what it is; for those who belong, since when they do. */
  since: ColumnType<Date, Date | undefined, Date>;
}
export type MembershipRow = Selectable<MembershipsTable>;

/** A page of one circle's members, perhaps of one role alone. */
export interface MembersRequest extends ParentPageRequest {
  readonly role: CircleRole | null;
}

const oldestFirst = [
  { column: 'memberships.since', direction: 'asc' },
  { column: 'memberships.id', direction: 'asc' },
] as const;

export function findMemberships(db: Kysely<Database>, ids: readonly string[]): Promise<MembershipRow[]> {
  return db.selectFrom('memberships').selectAll().where('id', 'in', ids).execute();
}

export function findMembershipsOf(
  db: Kysely<Database>,
  userId: string,
  circleIds: readonly string[],
): Promise<MembershipRow[]> {
  return db
    .selectFrom('memberships')
    .selectAll()
    .where('user_id', '=', userId)
    .where('circle_id', 'in', circleIds)
    .execute();
}

export function findMembership(
  db: Kysely<Database>,
  circleId: string,
  userId: string,
): Promise<MembershipRow | undefined> {
  return db
    .selectFrom('memberships')
    .selectAll()
    .where('circle_id', '=', circleId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

export function pageOfPerson(
  db: Kysely<Database>,
  filter: { userId: string; state: MembershipState | null },
  page: { first: number; after: string | null },
): Promise<Page<MembershipRow>> {
  let query = db.selectFrom('memberships').selectAll('memberships').where('user_id', '=', filter.userId);
  if (filter.state !== null) query = query.where('state', '=', filter.state);
  return keysetPage(query, {
    ...page,
    orderBy: [
      { column: 'memberships.created_at', direction: 'desc' },
      { column: 'memberships.id', direction: 'desc' },
    ],
  });
}

export async function pagesOfMembers(
  db: Kysely<Database>,
  requests: readonly MembersRequest[],
): Promise<Page<MembershipRow>[]> {
  const pages = new Map<MembersRequest, Page<MembershipRow>>();
  for (const [role, ofRole] of Map.groupBy(requests, (request) => request.role)) {
    let query = db.selectFrom('memberships').selectAll('memberships').where('state', 'in', belongingStates);
    if (role !== null) query = query.where('role', '=', role);
    const found = await keysetPagePerParent(db, query, {
      parentColumn: 'memberships.circle_id',
      requests: ofRole,
      orderBy: oldestFirst,
    });
    ofRole.forEach((request, index) => pages.set(request, found[index] as Page<MembershipRow>));
  }
  return requests.map((request) => pages.get(request) as Page<MembershipRow>);
}

export function pagesOfApplications(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<MembershipRow>[]> {
  const query = db.selectFrom('memberships').selectAll('memberships').where('state', '=', 'APPLIED');
  return keysetPagePerParent(db, query, {
    parentColumn: 'memberships.circle_id',
    requests,
    orderBy: oldestFirst,
  });
}

/** The person's row in the circle, locked; undefined when there is none. */
export function lockMembership(
  trx: Transaction<Database>,
  circleId: string,
  userId: string,
): Promise<MembershipRow | undefined> {
  return trx
    .selectFrom('memberships')
    .selectAll()
    .where('circle_id', '=', circleId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
}

export function lockMembershipById(
  trx: Transaction<Database>,
  id: string,
): Promise<MembershipRow | undefined> {
  return trx.selectFrom('memberships').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Makes the person's row, as one who is not in the circle, unless it is there. */
export async function ensureMembership(
  trx: Transaction<Database>,
  membership: Pick<MembershipRow, 'id' | 'circle_id' | 'user_id'>,
): Promise<void> {
  await trx
    .insertInto('memberships')
    .values({ ...membership, role: 'MEMBER', state: 'LEFT', reason: null, answers: [] })
    .onConflict((conflict) => conflict.constraint('memberships_person').doNothing())
    .execute();
}

export function updateMembership(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<MembershipsTable>,
): Promise<MembershipRow> {
  return trx
    .updateTable('memberships')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function countOtherOwners(
  trx: Transaction<Database>,
  circleId: string,
  userId: string,
): Promise<bigint> {
  const { owners } = await trx
    .selectFrom('memberships')
    .select((select) => select.fn.countAll<bigint>().as('owners'))
    .where('circle_id', '=', circleId)
    .where('user_id', '<>', userId)
    .where('role', '=', 'OWNER')
    .where('state', '=', 'ACTIVE')
    .executeTakeFirstOrThrow();
  return owners;
}
