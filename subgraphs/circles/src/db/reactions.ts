import { sql } from 'kysely';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { ReactionKind } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface ReactionsTable {
  post_id: string;
  user_id: string;
  kind: ReactionKind;
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** How many said the same to a post, and whether the one who asks is among them. */
export interface ReactionCountRow {
  post_id: string;
  kind: ReactionKind;
  count: bigint;
  mine: boolean | null;
}

/** Most frequent first. */
export function countReactions(
  db: Kysely<Database>,
  postIds: readonly string[],
  userId: string | null,
): Promise<ReactionCountRow[]> {
  return db
    .selectFrom('reactions')
    .select((select) => [
      'post_id',
      'kind',
      select.fn.countAll<bigint>().as('count'),
      sql<boolean | null>`bool_or(user_id = ${userId}::text)`.as('mine'),
    ])
    .where('post_id', 'in', postIds)
    .groupBy(['post_id', 'kind'])
    .orderBy('count', 'desc')
    .orderBy('kind')
    .execute();
}

export async function insertReaction(
  trx: Transaction<Database>,
  reaction: Omit<Selectable<ReactionsTable>, 'created_at'>,
): Promise<void> {
  await trx
    .insertInto('reactions')
    .values(reaction)
    .onConflict((conflict) => conflict.columns(['post_id', 'user_id', 'kind']).doNothing())
    .execute();
}

export async function deleteReaction(
  trx: Transaction<Database>,
  reaction: Omit<Selectable<ReactionsTable>, 'created_at'>,
): Promise<void> {
  await trx
    .deleteFrom('reactions')
    .where('post_id', '=', reaction.post_id)
    .where('user_id', '=', reaction.user_id)
    .where('kind', '=', reaction.kind)
    .execute();
}
