import type { ColumnType, Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './database.ts';

/**
 * What happened to money after the intent. PAID and SUSPENDED are written by the ledger's hook, but for what no book can
 * hold. Append-only.
 */
export interface PaymentFactsTable {
  campaign_id: string;
  provider: string;
  /** The provider's own id of that event. */
  provider_ref: string;
  kind: 'PAID' | 'FAILED' | 'SUSPENDED';
  donation_id: string | null;
  amount: bigint;
  currency: string;
  reason: string | null;
  happened_at: Date;
  recorded_at: ColumnType<Date, never, never>;
}
export type PaymentFactRow = Selectable<PaymentFactsTable>;

/** Where the payer completes a payment. Append-only. */
export interface CheckoutsTable {
  campaign_id: string;
  donation_id: string;
  order_id: string;
  url: string;
  expires_at: Date;
}
export type CheckoutRow = Selectable<CheckoutsTable>;

/** Notifications that could be believed but not used. Append-only. */
export interface KeptNotificationsTable {
  event_id: string;
  body: string;
  received_at: ColumnType<Date, never, never>;
}

type NewFact = Omit<Insertable<PaymentFactsTable>, 'kind'>;

/** Notes that nothing was paid and nothing will be. Once is enough. */
export function insertFailedFact(db: Kysely<Database>, fact: NewFact): Promise<void> {
  return insertFact(db, { ...fact, kind: 'FAILED' });
}

/** Notes a payment that no book can hold. Once is enough. */
export function insertSuspendedFact(db: Kysely<Database>, fact: NewFact): Promise<void> {
  return insertFact(db, { ...fact, kind: 'SUSPENDED' });
}

async function insertFact(db: Kysely<Database>, fact: Insertable<PaymentFactsTable>): Promise<void> {
  await db
    .insertInto('payment_facts')
    .values(fact)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Where this very payment lies: the gift was counted by it (PAID), or it is in suspense. Null when it is not booked yet. */
export async function placeOf(
  db: Kysely<Database>,
  payment: Pick<PaymentFactRow, 'campaign_id' | 'provider' | 'provider_ref'>,
): Promise<'PAID' | 'SUSPENDED' | null> {
  const row = await db
    .selectFrom('payment_facts')
    .select('kind')
    .where('campaign_id', '=', payment.campaign_id)
    .where('provider', '=', payment.provider)
    .where('provider_ref', '=', payment.provider_ref)
    .where('kind', 'in', ['PAID', 'SUSPENDED'])
    .executeTakeFirst();
  return row === undefined || row.kind === 'FAILED' ? null : row.kind;
}

export async function insertCheckouts(
  db: Kysely<Database>,
  checkouts: readonly CheckoutRow[],
): Promise<readonly null[]> {
  await db
    .insertInto('checkouts')
    .values(checkouts)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return checkouts.map(() => null);
}

/** The gift that an order of a provider is for. */
export function findRoute(
  db: Kysely<Database>,
  provider: string,
  orderKey: string,
): Promise<{ campaign_id: string; donation_id: string } | undefined> {
  return db
    .selectFrom('payment_routes')
    .select(['campaign_id', 'donation_id'])
    .where('provider', '=', provider)
    .where('order_key', '=', orderKey)
    .executeTakeFirst();
}

export async function keepNotification(
  db: Kysely<Database>,
  notification: { event_id: string; body: string },
): Promise<void> {
  await db
    .insertInto('kept_notifications')
    .values(notification)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
