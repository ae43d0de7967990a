import type { OrganisationKind } from '@banyan/vocabulary';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Verified organisations that users has told of. */
export interface KnownOrganisationsTable {
  id: string;
  kinds: readonly OrganisationKind[];
  licence_valid_from: string | null;
  licence_valid_to: string | null;
}
export type KnownOrganisationRow = Selectable<KnownOrganisationsTable>;

export interface KnownOrganisationMembersTable {
  organisation_id: string;
  user_id: string;
  role: string;
}
export type KnownOrganisationMemberRow = Selectable<KnownOrganisationMembersTable>;

export function findKnownOrganisation(
  db: Kysely<Database>,
  id: string,
): Promise<KnownOrganisationRow | undefined> {
  return db.selectFrom('known_organisations').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The person's role in the organisation; undefined without one. */
export async function findOrganisationRole(
  db: Kysely<Database>,
  organisationId: string,
  userId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('known_organisation_members')
    .select('role')
    .where('organisation_id', '=', organisationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role;
}

export async function saveKnownOrganisation(
  trx: Transaction<Database>,
  organisation: KnownOrganisationRow,
): Promise<void> {
  const { id: _id, ...facts } = organisation;
  await trx
    .insertInto('known_organisations')
    .values(organisation)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
    .execute();
}

export async function saveOrganisationMember(
  trx: Transaction<Database>,
  member: KnownOrganisationMemberRow,
): Promise<void> {
  await trx
    .insertInto('known_organisation_members')
    .values(member)
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'user_id']).doUpdateSet({ role: member.role }),
    )
    .execute();
}

export async function deleteOrganisationMember(
  trx: Transaction<Database>,
  member: Omit<KnownOrganisationMemberRow, 'role'>,
): Promise<void> {
  await trx
    .deleteFrom('known_organisation_members')
    .where('organisation_id', '=', member.organisation_id)
    .where('user_id', '=', member.user_id)
    .execute();
}
