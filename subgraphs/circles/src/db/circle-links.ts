import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { LinkDirection } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface CircleLinksTable {
  from_id: string;
  to_id: string;
  direction: LinkDirection;
  since: ColumnType<Date, Date | undefined, never>;
}
export type CircleLinkRow = Selectable<CircleLinksTable>;

export function findCircleLinks(db: Kysely<Database>, fromIds: readonly string[]): Promise<CircleLinkRow[]> {
  return db
    .selectFrom('circle_links')
    .selectAll()
    .where('from_id', 'in', fromIds)
    .orderBy('since')
    .orderBy('to_id')
    .execute();
}

export async function countCircleLinks(trx: Transaction<Database>, fromId: string): Promise<bigint> {
  const { links } = await trx
    .selectFrom('circle_links')
    .select((select) => select.fn.countAll<bigint>().as('links'))
    .where('from_id', '=', fromId)
    .executeTakeFirstOrThrow();
  return links;
}

export async function upsertCircleLink(
  trx: Transaction<Database>,
  link: Pick<CircleLinkRow, 'from_id' | 'to_id' | 'direction'>,
): Promise<void> {
  await trx
    .insertInto('circle_links')
    .values(link)
    .onConflict((conflict) =>
      conflict.columns(['from_id', 'to_id']).doUpdateSet({ direction: link.direction }),
    )
    .execute();
}

export async function deleteCircleLink(
  trx: Transaction<Database>,
  link: Pick<CircleLinkRow, 'from_id' | 'to_id'>,
): Promise<void> {
  await trx
    .deleteFrom('circle_links')
    .where('from_id', '=', link.from_id)
    .where('to_id', '=', link.to_id)
    .execute();
}
