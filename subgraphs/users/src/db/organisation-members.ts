import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { OrganisationRole } from '../domain/words.ts';
import type { Database } from './database.ts';

export interface OrganisationMembersTable {
  organisation_id: string;
  person_id: string;
  role: OrganisationRole;
  since: ColumnType<Date, Date | undefined, never>;
}
export type OrganisationMemberRow = Selectable<OrganisationMembersTable>;

/** More organisations than anybody works for. */
const maxOrganisationsShown = 200;

/** What people are to organisations, first joined first. */
export function findMembershipsOf(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<OrganisationMemberRow[]> {
  return db
    .selectFrom('organisation_members')
    .selectAll()
    .where('person_id', 'in', personIds)
    .orderBy('since')
    .orderBy('organisation_id')
    .limit(maxOrganisationsShown)
    .execute();
}

/** The person's membership in each of the organisations. */
export function findMembershipsIn(
  db: Kysely<Database>,
  personId: string,
  organisationIds: readonly string[],
): Promise<OrganisationMemberRow[]> {
  return db
    .selectFrom('organisation_members')
    .selectAll()
    .where('person_id', '=', personId)
    .where('organisation_id', 'in', organisationIds)
    .execute();
}

export function pagesOfMembers(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<OrganisationMemberRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('organisation_members').selectAll('organisation_members'), {
    parentColumn: 'organisation_members.organisation_id',
    requests,
    orderBy: [
      { column: 'organisation_members.since', direction: 'asc' },
      { column: 'organisation_members.person_id', direction: 'asc' },
    ],
  });
}

export async function findOrganisationRole(
  db: Kysely<Database>,
  organisationId: string,
  personId: string,
): Promise<OrganisationRole | null> {
  const [row] = await findMembershipsIn(db, personId, [organisationId]);
  return row?.role ?? null;
}

export async function findOwnersAndAdmins(db: Kysely<Database>, organisationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('organisation_members')
    .select('person_id')
    .where('organisation_id', '=', organisationId)
    .where('role', 'in', ['OWNER', 'ADMIN'])
    .execute();
  return rows.map((row) => row.person_id);
}

export async function countOtherOwners(
  trx: Transaction<Database>,
  organisationId: string,
  personId: string,
): Promise<bigint> {
  const { owners } = await trx
    .selectFrom('organisation_members')
    .select((select) => select.fn.countAll<bigint>().as('owners'))
    .where('organisation_id', '=', organisationId)
    .where('person_id', '<>', personId)
    .where('role', '=', 'OWNER')
    .executeTakeFirstOrThrow();
  return owners;
}

export async function saveMember(
  trx: Transaction<Database>,
  member: Pick<OrganisationMemberRow, 'organisation_id' | 'person_id' | 'role'>,
): Promise<void> {
  await trx
    .insertInto('organisation_members')
    .values(member)
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'person_id']).doUpdateSet({ role: member.role }),
    )
    .execute();
}

export async function deleteMember(
  trx: Transaction<Database>,
  organisationId: string,
  personId: string,
): Promise<void> {
  await trx
    .deleteFrom('organisation_members')
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .execute();
}
