import type { Relation } from '@banyan/vocabulary';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Kinship that both sides have confirmed: `relative_id` is `relation` of `person_id`. */
export interface RelativesTable {
  person_id: string;
  relative_id: string;
  relation: Relation;
}
export type RelativeRow = Selectable<RelativesTable>;

/** What is known between two people, told from either side. */
export function findKinship(db: Kysely<Database>, one: string, other: string): Promise<RelativeRow[]> {
  return db
    .selectFrom('relatives')
    .selectAll()
    .where((where) =>
      where.or([
        where.and({ person_id: one, relative_id: other }),
        where.and({ person_id: other, relative_id: one }),
      ]),
    )
    .execute();
}

export async function saveRelative(trx: Transaction<Database>, relative: RelativeRow): Promise<void> {
  await trx
    .insertInto('relatives')
    .values(relative)
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'relative_id']).doUpdateSet({ relation: relative.relation }),
    )
    .execute();
}

/** Forgets what was known between two people, whichever side told it. */
export async function deleteKinship(trx: Transaction<Database>, one: string, other: string): Promise<void> {
  await trx
    .deleteFrom('relatives')
    .where((where) =>
      where.or([
        where.and({ person_id: one, relative_id: other }),
        where.and({ person_id: other, relative_id: one }),
      ]),
    )
    .execute();
}
