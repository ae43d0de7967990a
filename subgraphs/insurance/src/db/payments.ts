import type { Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Database } from './database.ts';
import { nextLook } from './next-look.ts';

/** Money that a payer was asked for. */
export interface PaymentsTable {
  id: string;
  payer_id: string;
  /** Of these two one is set. */
  policy_id: string | null;
  membership_id: string | null;
  minor: bigint;
  currency: string;
  provider: string;
  /** Under which the provider knows it. */
  provider_key: string;
  description: string;
  /** INTENT: the provider may not know of it. MISPAID: another amount came. CLOSED: nobody waits for it any more. */
  state: 'INTENT' | 'OPEN' | 'PAID' | 'MISPAID' | 'CLOSED';
  checkout_url: string | null;
  expires_at: Date;
  /** The provider's own number, once it is paid. */
  provider_payment_id: string | null;
  idempotency_key: string;
  input_fingerprint: string;
  /** When the sweep asks about it. */
  look_at: Date;
  looks: Generated<number>;
  created_at: Date;
}
export type PaymentRow = Selectable<PaymentsTable>;

const waiting = ['INTENT', 'OPEN'] as const;

export function isWaiting(payment: PaymentRow): boolean {
  return payment.state === 'INTENT' || payment.state === 'OPEN';
}

export function insertPayment(
  trx: Transaction<Database>,
  payment: Insertable<PaymentsTable>,
): Promise<PaymentRow> {
  return trx.insertInto('payments').values(payment).returningAll().executeTakeFirstOrThrow();
}

export function findPayments(db: Kysely<Database>, ids: readonly string[]): Promise<PaymentRow[]> {
  return db.selectFrom('payments').selectAll().where('id', 'in', ids).execute();
}

export function findPaymentOfPolicy(db: Kysely<Database>, policyId: string): Promise<PaymentRow | undefined> {
  return db.selectFrom('payments').selectAll().where('policy_id', '=', policyId).executeTakeFirst();
}

export function findPaymentByKey(
  db: Kysely<Database>,
  membershipId: string,
  key: string,
): Promise<PaymentRow | undefined> {
  return db
    .selectFrom('payments')
    .selectAll()
    .where('membership_id', '=', membershipId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** The newest payment of each policy that its holder can still complete. */
export function findCheckoutsOfPolicies(
  db: Kysely<Database>,
  policyIds: readonly string[],
  now: Date,
): Promise<PaymentRow[]> {
  return db
    .selectFrom('payments')
    .distinctOn('policy_id')
    .selectAll()
    .where('policy_id', 'in', policyIds)
    .where('state', '=', 'OPEN')
    .where('expires_at', '>', now)
    .orderBy('policy_id')
    .orderBy('created_at', 'desc')
    .execute();
}

/** The newest payment of each membership that its member can still complete. */
export function findCheckoutsOfMemberships(
  db: Kysely<Database>,
  membershipIds: readonly string[],
  now: Date,
): Promise<PaymentRow[]> {
  return db
    .selectFrom('payments')
    .distinctOn('membership_id')
    .selectAll()
    .where('membership_id', 'in', membershipIds)
    .where('state', '=', 'OPEN')
    .where('expires_at', '>', now)
    .orderBy('membership_id')
    .orderBy('created_at', 'desc')
    .execute();
}

/** Locked, before what it pays for is locked. */
export function lockPaymentByProviderKey(
  trx: Transaction<Database>,
  providerKey: string,
): Promise<PaymentRow | undefined> {
  return trx
    .selectFrom('payments')
    .selectAll()
    .where('provider_key', '=', providerKey)
    .forUpdate()
    .executeTakeFirst();
}

export function lockPaymentsOf(
  trx: Transaction<Database>,
  subject: { policyId: string } | { membershipId: string },
): Promise<PaymentRow[]> {
  const query = trx.selectFrom('payments').selectAll().orderBy('id').forUpdate();
  return 'policyId' in subject
    ? query.where('policy_id', '=', subject.policyId).execute()
    : query.where('membership_id', '=', subject.membershipId).execute();
}

/** Keeps where to pay; what was told of the payment meanwhile stays. */
export async function saveCheckout(
  db: Kysely<Database>,
  id: string,
  order: { checkoutUrl: string; expiresAt: Date },
): Promise<void> {
  await db
    .updateTable('payments')
    .set({ state: 'OPEN', checkout_url: order.checkoutUrl, expires_at: order.expiresAt })
    .where('id', '=', id)
    .where('state', '=', 'INTENT')
    .execute();
}

export async function updatePayment(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<PaymentsTable>,
): Promise<void> {
  await trx.updateTable('payments').set(change).where('id', '=', id).execute();
}

export async function closeWaitingPayments(
  trx: Transaction<Database>,
  subject: { policyId: string } | { membershipId: string },
): Promise<void> {
  const query = trx.updateTable('payments').set({ state: 'CLOSED' }).where('state', 'in', waiting);
  await (
    'policyId' in subject
      ? query.where('policy_id', '=', subject.policyId)
      : query.where('membership_id', '=', subject.membershipId)
  ).execute();
}

/** Takes what is due and puts the next look off, so that of several sweeps one asks. */
export function takeDuePayments(db: Kysely<Database>, now: Date, limit: number): Promise<PaymentRow[]> {
  return db
    .updateTable('payments')
    .set((update) => ({ look_at: nextLook(now), looks: update('looks', '+', 1) }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('payments')
        .select('id')
        .where('state', 'in', waiting)
        .where('look_at', '<=', now)
        .orderBy('look_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
