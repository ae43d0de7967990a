import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Cover, PolicyState } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface PoliciesTable {
  id: string;
  number: string;
  quote_id: string;
  product_id: string;
  owner_id: string;
  holder_reference: string;
  birth_year: number;
  region_code: string;
  premium_minor: bigint;
  currency: string;
  /** An ACTIVE policy that has ended is EXPIRED; nobody writes it. */
  state: Exclude<PolicyState, 'EXPIRED'>;
  /** While it is not paid: what would hold if it were paid at once. */
  starts_at: Date;
  ends_at: Date;
  cooling_off_until: Date;
  idempotency_key: string;
  input_fingerprint: string;
  cancel_reason: string | null;
  cancel_key: string | null;
  cancel_fingerprint: string | null;
  created_at: Date;
}
export type PolicyRow = Selectable<PoliciesTable>;

/** Pages of one owner's policies, of one state or all. */
export interface PolicyPageRequest extends ParentPageRequest {
  readonly state: PolicyState | null;
}

export function findPolicies(db: Kysely<Database>, ids: readonly string[]): Promise<PolicyRow[]> {
  return db.selectFrom('policies').selectAll().where('id', 'in', ids).execute();
}

export function findPoliciesByNumber(db: Kysely<Database>, numbers: readonly string[]): Promise<PolicyRow[]> {
  return db.selectFrom('policies').selectAll().where('number', 'in', numbers).execute();
}

export function findPolicyOfQuote(db: Kysely<Database>, quoteId: string): Promise<PolicyRow | undefined> {
  return db.selectFrom('policies').selectAll().where('quote_id', '=', quoteId).executeTakeFirst();
}

/** Newest first. */
export async function pagesOfPolicies(
  db: Kysely<Database>,
  requests: readonly PolicyPageRequest[],
  now: Date,
): Promise<Page<PolicyRow>[]> {
  const pages = new Map<PolicyPageRequest, Page<PolicyRow>>();
  for (const [state, ofState] of Map.groupBy(requests, (request) => request.state)) {
    const found = await keysetPagePerParent(db, policiesInState(db, state, now), {
      parentColumn: 'policies.owner_id',
      requests: ofState,
      orderBy: [
        { column: 'policies.created_at', direction: 'desc' },
        { column: 'policies.id', direction: 'desc' },
      ],
    });
    for (const [index, request] of ofState.entries()) pages.set(request, found[index] as Page<PolicyRow>);
  }
  return requests.map((request) => pages.get(request) as Page<PolicyRow>);
}

function policiesInState(db: Kysely<Database>, state: PolicyState | null, now: Date) {
  const query = db.selectFrom('policies').selectAll('policies');
  switch (state) {
    case null:
      return query;
    case 'ACTIVE':
      return query.where('state', '=', 'ACTIVE').where('ends_at', '>', now);
    case 'EXPIRED':
      return query.where('state', '=', 'ACTIVE').where('ends_at', '<=', now);
    case 'PENDING_PAYMENT':
    case 'CANCELLED':
    case 'LAPSED':
      return query.where('state', '=', state);
    default:
      return state satisfies never;
  }
}

/** What is in force for each owner: the product's code and what it covers. */
export async function findActiveCovers(
  db: Kysely<Database>,
  ownerIds: readonly string[],
  now: Date,
): Promise<{ owner_id: string; code: string; cover: Cover }[]> {
  return db
    .selectFrom('policies')
    .innerJoin('products', 'products.id', 'policies.product_id')
    .select(['policies.owner_id', 'products.code', 'products.cover'])
    .where('policies.owner_id', 'in', ownerIds)
    .where('policies.state', '=', 'ACTIVE')
    .where('policies.ends_at', '>', now)
    .execute();
}

export function insertPolicy(
  trx: Transaction<Database>,
  policy: Insertable<PoliciesTable>,
): Promise<PolicyRow> {
  return trx.insertInto('policies').values(policy).returningAll().executeTakeFirstOrThrow();
}

export function lockPolicy(trx: Transaction<Database>, id: string): Promise<PolicyRow | undefined> {
  return trx.selectFrom('policies').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updatePolicy(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<PoliciesTable>,
): Promise<PolicyRow> {
  return trx
    .updateTable('policies')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
