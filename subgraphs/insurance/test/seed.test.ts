import { createDatabase } from '@banyan/kit/database';
import { createTestDatabase, type TestDatabase } from '@banyan/kit/testing';
import { seedDay } from '@banyan/seed';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { seedAll } from '../src/seed/seed-all.ts';

let database: TestDatabase;
let owner: ReturnType<typeof createDatabase<Database>>;
beforeAll(async () => {
  database = await createTestDatabase({ name: 'insurance', migrations });
  owner = createDatabase<Database>({ url: database.ownerUrl, maxConnections: 2 });
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

async function scalar(query: ReturnType<typeof sql<{ value: bigint | string }>>): Promise<number> {
  const { rows } = await query.execute(owner.db);
  return Number(rows[0]?.value);
}

test('the seed is the cast’s, and its money adds up', async () => {
  await seedAll(owner.db, seedDay());

  const counts = await sql<Record<string, bigint>>`
    select (select count(distinct code) from products) as products, (select count(*) from products) as versions,
      (select count(*) from policies) as policies, (select count(*) from aid_memberships) as memberships,
      (select count(*) from aid_plans) as plans, (select count(distinct insurer_id) from products) as insurers`.execute(
    owner.db,
  );
  expect(counts.rows[0]).toEqual({
    products: 20n,
    versions: 25n,
    policies: 400n,
    memberships: 600n,
    plans: 3n,
    insurers: 4n,
  });

  // Every active policy was paid exactly its premium, no other was.
  const unpaid = sql<{ value: bigint }>`
    select count(*) as value from policies p left join payments m on m.policy_id = p.id
    left join payment_facts f on f.payment_id = m.id and f.kind = 'PAID'
    where (p.state = 'ACTIVE') <> (f.minor is not distinct from p.premium_minor)`;
  expect(await scalar(unpaid)).toBe(0);
  // What came in for memberships is what they hold.
  const drift = sql<{ value: string }>`
    select coalesce((select sum(minor) from aid_entries), 0) - coalesce((select sum(f.minor) from payment_facts f
      join payments m on m.id = f.payment_id where f.kind = 'PAID' and m.membership_id is not null), 0) as value`;
  expect(await scalar(drift)).toBe(0);
  const miscounted = sql<{ value: bigint }>`
    select count(*) as value from aid_plans p where
      (select coalesce(sum(members), 0) from aid_member_counts c where c.plan_id = p.id)
      <> (select count(*) from aid_memberships m where m.plan_id = p.id and m.state = 'JOINED')`;
  expect(await scalar(miscounted)).toBe(0);
  const dangling = sql<{ value: bigint }>`
    select count(*) as value from products p where
      (select count(*) from product_documents d where d.product_id = p.id) = 0
      or (select count(*) from rates r where r.product_id = p.id) = 0`;
  expect(await scalar(dangling)).toBe(0);
});

test('a document under another’s hash is refused by the database', async () => {
  const forged = owner.db
    .insertInto('documents')
    .values({ sha256: 'a'.repeat(64), text: 'Everything is covered.' });
  await expect(forged.execute()).rejects.toThrow('documents_hash');
});
