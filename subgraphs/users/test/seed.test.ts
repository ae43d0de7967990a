import { counts, kinships, organisations, staffMembers } from '@banyan/seed';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsers, type UsersUnderTest } from './support.ts';

let users: UsersUnderTest;
beforeAll(async () => {
  users = await startUsers({ seeded: true });
});
afterAll(() => users.stop());

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
