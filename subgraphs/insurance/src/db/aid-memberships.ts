import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Cover } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface AidMembershipsTable {
  id: string;
  plan_id: string;
  user_id: string;
  /** JOINED is WAITING until `covered_from`, then COVERED. */
  state: 'AWAITING_PAYMENT' | 'JOINED' | 'EXITED';
  /** While it is not paid: what would hold if it were paid at once. */
  covered_from: Date;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: Date;
  exited_at: Date | null;
}
export type AidMembershipRow = Selectable<AidMembershipsTable>;

export function findMemberships(db: Kysely<Database>, ids: readonly string[]): Promise<AidMembershipRow[]> {
  return db.selectFrom('aid_memberships').selectAll().where('id', 'in', ids).execute();
}

/** Those of each person, newest first; they are few, since one plan has a person once at a time. */
export function findMembershipsOf(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<AidMembershipRow[]> {
  return db
    .selectFrom('aid_memberships')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Plans that each person is in, waiting or covered, and what they cover. */
export function findJoinedCovers(
  db: Kysely<Database>,
  userIds: readonly string[],
): Promise<{ user_id: string; plan_id: string; cover: Cover; covered_from: Date }[]> {
  return db
    .selectFrom('aid_memberships')
    .innerJoin('aid_plans', 'aid_plans.id', 'aid_memberships.plan_id')
    .select(['user_id', 'plan_id', 'cover', 'covered_from'])
    .where('user_id', 'in', userIds)
    .where('aid_memberships.state', '=', 'JOINED')
    .execute();
}

export function findMembershipByKey(
  db: Kysely<Database>,
  scope: { userId: string; planId: string; key: string },
): Promise<AidMembershipRow | undefined> {
  return db
    .selectFrom('aid_memberships')
    .selectAll()
    .where('user_id', '=', scope.userId)
    .where('plan_id', '=', scope.planId)
    .where('idempotency_key', '=', scope.key)
    .executeTakeFirst();
}

/** Undefined when the key is taken, or the person is in the plan already. */
export function insertMembership(
  trx: Transaction<Database>,
  membership: Insertable<AidMembershipsTable>,
): Promise<AidMembershipRow | undefined> {
  return trx
    .insertInto('aid_memberships')
    .values(membership)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function lockMembership(
  trx: Transaction<Database>,
  id: string,
): Promise<AidMembershipRow | undefined> {
  return trx.selectFrom('aid_memberships').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updateMembership(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<AidMembershipsTable>,
): Promise<AidMembershipRow> {
  return trx
    .updateTable('aid_memberships')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
