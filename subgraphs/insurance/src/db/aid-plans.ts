import type { Wording } from '@banyan/kit/graphql';
import { sql, type ColumnType, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { AidFunding, AidPlanState, Cover } from '../domain/words.ts';
import type { Database } from './database.ts';
import type { Json } from './products.ts';

export interface AidPlansTable {
  id: string;
  name: Json<Wording>;
  cover: Cover;
  funding: AidFunding;
  state: AidPlanState;
  waiting_days: number;
  currency: string;
  /** The most that one member pays in one round. */
  share_cap_minor: bigint;
  /** The least that a member of a PREPAID plan pays in at once; 0 where nobody does. */
  least_amount_minor: bigint;
  conditions: Json<readonly Wording[]>;
  age_min: number;
  age_max: number;
  regions: readonly string[];
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type AidPlanRow = Selectable<AidPlansTable>;

/** Members of a plan, spread over slots so that those who join at once do not wait for each other. */
export interface AidMemberCountsTable {
  plan_id: string;
  slot: number;
  members: bigint;
}

const slots = 16;

export function findAidPlans(db: Kysely<Database>, ids: readonly string[]): Promise<AidPlanRow[]> {
  return db.selectFrom('aid_plans').selectAll().where('id', 'in', ids).execute();
}

export function findAllAidPlans(db: Kysely<Database>): Promise<AidPlanRow[]> {
  return db.selectFrom('aid_plans').selectAll().orderBy('created_at').orderBy('id').execute();
}

export function findMemberCounts(
  db: Kysely<Database>,
  planIds: readonly string[],
): Promise<{ plan_id: string; members: bigint }[]> {
  return db
    .selectFrom('aid_member_counts')
    .select(['plan_id', sql<bigint>`sum(members)::bigint`.as('members')])
    .where('plan_id', 'in', planIds)
    .groupBy('plan_id')
    .execute();
}

/** In the transaction in which the membership begins (1) or ends (-1). */
export async function addToMemberCount(
  trx: Transaction<Database>,
  planId: string,
  membershipId: string,
  difference: 1 | -1,
): Promise<void> {
  await sql`
    insert into aid_member_counts (plan_id, slot, members)
    values (${planId}, abs(hashtext(${membershipId}) % ${slots}::int), ${difference}::int)
    on conflict (plan_id, slot) do update set members = aid_member_counts.members + excluded.members`.execute(
    trx,
  );
}
