import { inTransaction } from '@banyan/kit/database';
import type { Services } from '../context.ts';
import { reckonHeat } from '../db/heat.ts';
import { findHotTopics } from '../db/topics.ts';
import { heatMinute } from './heat-formula.ts';
import { hotSearchKey } from './read-hot-search.ts';

/** Reckons heat and ranks for the present minute and shares the outcome; false when it was done already. */
export async function reckonHotSearch({
  db,
  now,
  hotSearchCopies,
}: Pick<Services, 'db' | 'now' | 'hotSearchCopies'>): Promise<boolean> {
  const asOf = heatMinute(now());
  const version = await inTransaction(db, (trx) => reckonHeat(trx, asOf));
  if (version === null) return false;
  await hotSearchCopies.set(hotSearchKey, version, await findHotTopics(db));
  return true;
}
