import type { Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';
import { nextLook } from './next-look.ts';

/** Money on its way back to who paid it. */
export interface RefundsTable {
  id: string;
  payment_id: string | null;
  /** Set where the money never was ours. */
  suspense_id: string | null;
  provider: string;
  provider_key: string;
  provider_payment_id: string;
  minor: bigint;
  currency: string;
  reason: string;
  /** REFUSED: the provider will not, however often it is asked; a person has to. */
  state: 'REQUESTED' | 'REFUNDED' | 'REFUSED';
  look_at: Date;
  looks: Generated<number>;
  created_at: Date;
}
export type RefundRow = Selectable<RefundsTable>;

export function insertRefund(
  trx: Transaction<Database>,
  refund: Insertable<RefundsTable>,
): Promise<RefundRow> {
  return trx.insertInto('refunds').values(refund).returningAll().executeTakeFirstOrThrow();
}

export function lockRefundByProviderKey(
  trx: Transaction<Database>,
  providerKey: string,
): Promise<RefundRow | undefined> {
  return trx
    .selectFrom('refunds')
    .selectAll()
    .where('provider_key', '=', providerKey)
    .forUpdate()
    .executeTakeFirst();
}

export async function setRefundState(
  trx: Transaction<Database>,
  id: string,
  state: RefundRow['state'],
): Promise<void> {
  await trx.updateTable('refunds').set({ state }).where('id', '=', id).execute();
}

/** Takes what is due and puts the next look off, so that of several sweeps one asks. */
export function takeDueRefunds(db: Kysely<Database>, now: Date, limit: number): Promise<RefundRow[]> {
  return db
    .updateTable('refunds')
    .set((update) => ({ look_at: nextLook(now), looks: update('looks', '+', 1) }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('refunds')
        .select('id')
        .where('state', '=', 'REQUESTED')
        .where('look_at', '<=', now)
        .orderBy('look_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
