import type { SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import { loadMutualAid } from './mutual-aid.ts';
import { loadPolicies } from './policies.ts';
import { loadProducts } from './products.ts';

/** All of it, or nothing. Who consented and who gave comes by the events of users and campaigns. */
export async function seedAll(db: Kysely<Database>, day: SeedDay): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await loadProducts(trx, day);
    await loadPolicies(trx, day);
    await loadMutualAid(trx, day);
  });
}
