import { insertMany } from '@banyan/kit/database';
import {
  createRandom,
  organisations,
  personOf,
  personas,
  seedId,
  type CastOrganisation,
  type SeedDay,
} from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { OrganisationMemberRow } from '../db/organisation-members.ts';
import type { OrganisationRow } from '../db/organisations.ts';
import { memberSet, organisationVerified } from '../domain/organisation-events.ts';
import type { SeedEvent } from './seed-event.ts';

/** People whose numbers play no other part. */
const [firstColleague, lastColleague] = [601, 990];

/** The organisations of the cast, verified, with who works for them; and one that waits for a reviewer. */
export async function seedOrganisations(db: Kysely<Database>, day: SeedDay): Promise<SeedEvent[]> {
  const rows = [...organisations.map((organisation) => toRow(organisation, day)), waiting(day)];
  const members = [...organisations.flatMap((organisation) => membersOf(organisation, day)), founder(day)];
  await insertMany(db, 'organisations', rows);
  await insertMany(db, 'organisation_members', members);
  const reviewer = personOf(personas.reviewer.number).id;
  const verified = rows.filter((row) => row.verified_at !== null);
  await insertMany(
    db,
    'audit_entries',
    verified.map(({ id, verified_at: at }) => ({
      id: seedId('adt', id),
      actor_id: reviewer,
      action: 'VERIFY_ORGANISATION',
      subject: id,
      reason: '登记证书与法人身份核对一致。 Certificate and legal person checked.',
      created_at: at ?? day.start,
    })),
  );
  return [
    ...members.map((member) => ({
      ...memberSet(member.organisation_id, member.person_id, member.role),
      at: member.since,
    })),
    ...verified.map((row) => ({ ...organisationVerified(row), at: row.verified_at ?? day.start })),
  ];
}

function toRow(organisation: CastOrganisation, day: SeedDay): OrganisationRow {
  const { licence } = organisation;
  return {
    ...bare(
      organisation.id,
      `${organisation.name} ${organisation.latinName}`,
      organisation.owner,
      day.at(-380, 10),
    ),
    kinds: organisation.kinds,
    licence_number: licence?.number ?? null,
    licence_from: licence && day.date(licence.validFromDays),
    licence_to: licence && day.date(licence.validToDays),
    verified_at: day.at(-370, 15),
  };
}

const waitingOwner = 600;

function waiting(day: SeedDay): OrganisationRow {
  return {
    ...bare(
      seedId('org', 'waiting'),
      '阳光邻里互助中心 Sunshine Neighbours Centre',
      waitingOwner,
      day.at(-2, 10),
    ),
    kinds: ['CHARITY'],
    licence_number: null,
    licence_from: null,
    licence_to: null,
    verified_at: null,
  };
}

function bare(
  id: string,
  name: string,
  owner: number,
  createdAt: Date,
): Omit<OrganisationRow, 'kinds' | 'licence_number' | 'licence_from' | 'licence_to' | 'verified_at'> {
  return {
    id,
    name,
    founder_id: personOf(owner).id,
    idempotency_key: `seed-${id}`,
    input_fingerprint: 'seed',
    created_at: createdAt,
  };
}

function membersOf(organisation: CastOrganisation, day: SeedDay): OrganisationMemberRow[] {
  const random = createRandom(`users:organisation:${organisation.number}`);
  const colleagues = new Set<number>();
  for (let wanted = random.int(2, 6); wanted > 0; wanted -= 1)
    colleagues.add(random.int(firstColleague, lastColleague));
  const member = (person: number, role: OrganisationMemberRow['role'], since: Date) => ({
    organisation_id: organisation.id,
    person_id: personOf(person).id,
    role,
    since,
  });
  return [
    member(organisation.owner, 'OWNER', day.at(-380, 10)),
    ...[...colleagues].map((person, index) =>
      member(person, index === 0 ? 'ADMIN' : 'MEMBER', day.at(-random.int(5, 29), 14)),
    ),
  ];
}

function founder(day: SeedDay): OrganisationMemberRow {
  return {
    organisation_id: seedId('org', 'waiting'),
    person_id: personOf(waitingOwner).id,
    role: 'OWNER',
    since: day.at(-2, 10),
  };
}
