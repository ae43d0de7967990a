import type { OrganisationKind } from '@banyan/vocabulary';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** A verified organisation and its licence to raise from the public, as calendar days. */
export interface OrganisationsTable {
  id: string;
  kinds: OrganisationKind[];
  licence_number: string | null;
  licence_from: string | null;
  licence_to: string | null;
}
export type OrganisationRow = Selectable<OrganisationsTable>;

export interface OrganisationMembersTable {
  organisation_id: string;
  user_id: string;
  role: string;
}

export function findOrganisation(db: Kysely<Database>, id: string): Promise<OrganisationRow | undefined> {
  return db.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function saveOrganisation(
  trx: Transaction<Database>,
  organisation: OrganisationRow,
): Promise<void> {
  const { id: _id, ...change } = organisation;
  await trx
    .insertInto('organisations')
    .values(organisation)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute();
}

export async function isMember(
  db: Kysely<Database>,
  organisationId: string,
  userId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('organisation_members')
    .select('role')
    .where('organisation_id', '=', organisationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Sets the role of a member; null ends the membership. */
export async function setMember(
  trx: Transaction<Database>,
  organisationId: string,
  userId: string,
  role: string | null,
): Promise<void> {
  if (role === null) {
    await trx
      .deleteFrom('organisation_members')
      .where('organisation_id', '=', organisationId)
      .where('user_id', '=', userId)
      .execute();
    return;
  }
  await trx
    .insertInto('organisation_members')
    .values({ organisation_id: organisationId, user_id: userId, role })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'user_id']).doUpdateSet({ role }))
    .execute();
}
