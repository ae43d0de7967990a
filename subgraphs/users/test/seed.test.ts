import { sharedByTests } from '@banyan/kit/testing';
import { castId, counts, kinships, organisations, personas, staffMembers } from '@banyan/seed';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { findTrustRecords } from '../src/db/trust-records.ts';
import { trustOf } from '../src/domain/trust.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers({ seeded: true }));

async function count(query: ReturnType<typeof sql<{ count: bigint }>>): Promise<number> {
  const { rows } = await query.execute(users.app.database.db);
  return Number(rows[0]?.count);
}
const told = (type: string) =>
  count(sql<{ count: bigint }>`select count(*) from outbox where type = ${type}`);

test('the whole cast is there, and what others build on is told', async () => {
  expect(await count(sql`select count(*) from people`)).toBe(counts.people);
  expect(await told('organisation.verified')).toBe(organisations.length);
  expect(await told('organisation.member_set')).toBe(
    await count(sql`select count(*) from organisation_members`),
  );
  expect(await told('relatives.confirmed')).toBe(2 * kinships.length);
  expect(await told('consent.changed')).toBe(await count(sql`select count(*) from consents`));
  expect(await told('person.verified')).toBe(
    await count(sql`select count(*) from people where real_name_level <> 'NONE'`),
  );
  expect(await told('staff.role_set')).toBe(staffMembers.length);
  expect(await count(sql`select count(*) from outbox where occurred_at > '2026-09-01'`)).toBe(0);
});

test('the demo donor is somebody: verified, trusted, with consents, a relative who asks, and news', async () => {
  const donor = { id: castId('user', personas.donor.number) };
  const { data, errors } = await users.ask(
    `{ me {
      user { displayName socialTitle }
      realName { state } legalName { masked }
      trust { band signals { kind } }
      consents { purpose grantedAt }
      relatives { nodes { state relation user { displayName } } }
      unreadCount notifications(unreadOnly: true) { nodes { kind body } }
      offerAgeBand matchingTags
    } }`,
    {},
    donor,
    'zh-CN',
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    me: {
      user: { displayName: '王秀英', socialTitle: expect.stringMatching(/^王/) as string },
      realName: { state: 'VERIFIED' },
      legalName: { masked: '王**' },
      trust: { signals: [{ kind: 'START' }, { kind: 'REAL_NAME' }] },
      relatives: { nodes: [{ state: 'REQUESTED', relation: 'SIBLING', user: { displayName: '孙国华' } }] },
      unreadCount: 1,
      notifications: { nodes: [{ kind: 'RELATIVE_ASKS', body: '孙国华请您确认亲属关系。' }] },
      offerAgeBand: 'A70_80',
      matchingTags: [],
    },
  });
});

test('bands of trust are what the formula gives, and told where they differ from the beginning', async () => {
  const { db } = users.app.database;
  const bands = await db.selectFrom('people').select(['id', 'trust_band']).execute();
  const records = await findTrustRecords(
    db,
    bands.map(({ id }) => id),
  );
  const reckoned = new Map(records.map((record) => [record.personId, trustOf(record).band]));
  expect(bands.filter(({ id, trust_band: band }) => reckoned.get(id) !== band)).toEqual([]);
  expect(await told('trust.changed')).toBe(bands.filter(({ trust_band: band }) => band !== 'FAIR').length);
});

test('who is verified has a name and an identity number of their own, in the log of checks too', async () => {
  const verified = await count(sql`select count(*) from people where real_name_level <> 'NONE'`);
  expect(await count(sql`select count(*) from real_names`)).toBe(verified);
  expect(
    await count(sql`
      select count(*) from real_names n join real_name_checks c using (person_id) join people p on p.id = person_id
      where n.level = p.real_name_level and c.state = 'VERIFIED'`),
  ).toBe(verified);
});

test('charities have licences, two of them expired, and a reviewer finds one that waits', async () => {
  const query = `query ($kind: OrganisationKind, $search: String) {
    organisations(kind: $kind, search: $search) { nodes { name publicFundraisingLicence { validTo } } } }`;
  const charities = await users.ask<{
    organisations: { nodes: { publicFundraisingLicence: { validTo: string } }[] };
  }>(query, { kind: 'CHARITY' });
  const ends = charities.data.organisations.nodes.map(
    ({ publicFundraisingLicence: licence }) => licence.validTo,
  );
  expect(ends).toHaveLength(8);
  expect(ends.filter((day) => day < '2026-09-01')).toHaveLength(2);
  const reviewer = { id: castId('user', personas.reviewer.number), roles: ['REVIEWER'] };
  const waiting = await users.ask(query, { search: '阳光邻里' }, reviewer);
  expect(waiting.data).toMatchObject({ organisations: { nodes: [{ publicFundraisingLicence: null }] } });
});
