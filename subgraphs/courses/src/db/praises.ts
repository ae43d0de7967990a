import { sql, type ColumnType, type Kysely, type Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Who praised what; at most once each. */
export interface PraisesTable {
  post_id: string;
  user_id: string;
  given_at: ColumnType<Date, Date | undefined, never>;
  withdrawn_at: ColumnType<Date | null, null | undefined, Date | null>;
}

export function findPraisesOf(
  db: Kysely<Database>,
  userId: string,
  postIds: readonly string[],
): Promise<{ post_id: string }[]> {
  return db
    .selectFrom('praises')
    .select('post_id')
    .where('user_id', '=', userId)
    .where('post_id', 'in', postIds)
    .where('withdrawn_at', 'is', null)
    .execute();
}

/** Gives a praise; says whether it is the first of this person, a withdrawn one given again, or there already. */
export async function putPraise(
  trx: Transaction<Database>,
  praise: { post_id: string; user_id: string; given_at: Date },
): Promise<'first' | 'again' | 'there'> {
  const put = await trx
    .insertInto('praises')
    .values(praise)
    .onConflict((conflict) =>
      conflict
        .columns(['post_id', 'user_id'])
        .doUpdateSet({ withdrawn_at: null })
        .where('praises.withdrawn_at', 'is not', null),
    )
    // A row that was inserted has no deleting transaction, one that was updated has had a lock on it.
    .returning(sql<boolean>`xmax = 0`.as('inserted'))
    .executeTakeFirst();
  if (put === undefined) return 'there';
  return put.inserted ? 'first' : 'again';
}

/** True when there was a praise. */
export async function withdrawPraiseRow(
  trx: Transaction<Database>,
  postId: string,
  userId: string,
  at: Date,
): Promise<boolean> {
  const updated = await trx
    .updateTable('praises')
    .set({ withdrawn_at: at })
    .where('post_id', '=', postId)
    .where('user_id', '=', userId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}
