import type { Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';
import { nextLook } from './next-look.ts';

/** Money that came and fits nothing: kept until it has gone back or a person has decided. */
export interface SuspenseTable {
  id: string;
  payment_id: string | null;
  provider: string;
  provider_key: string;
  provider_payment_id: string;
  minor: bigint;
  currency: string;
  reason: 'WRONG_AMOUNT' | 'PAID_AFTER_END' | 'UNKNOWN_ORDER';
  /** OPEN: the provider is asked next. HELD: a person has to decide. */
  state: 'OPEN' | 'RETURNING' | 'RETURNED' | 'HELD';
  look_at: Date;
  looks: Generated<number>;
  created_at: Date;
}
export type SuspenseRow = Selectable<SuspenseTable>;

export async function insertSuspense(
  trx: Transaction<Database>,
  suspense: Insertable<SuspenseTable>,
): Promise<void> {
  await trx.insertInto('suspense').values(suspense).execute();
}

export function lockSuspense(trx: Transaction<Database>, id: string): Promise<SuspenseRow | undefined> {
  return trx.selectFrom('suspense').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function setSuspenseState(
  trx: Transaction<Database>,
  id: string,
  state: SuspenseRow['state'],
): Promise<void> {
  await trx.updateTable('suspense').set({ state }).where('id', '=', id).execute();
}

/** Takes what is due and puts the next look off, so that of several sweeps one asks. */
export function takeDueSuspense(db: Kysely<Database>, now: Date, limit: number): Promise<SuspenseRow[]> {
  return db
    .updateTable('suspense')
    .set((update) => ({ look_at: nextLook(now), looks: update('looks', '+', 1) }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('suspense')
        .select('id')
        .where('state', '=', 'OPEN')
        .where('look_at', '<=', now)
        .orderBy('look_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
