import { inTransaction } from '@banyan/kit/database';
import { isId, parseInput } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findAidPlans } from '../db/aid-plans.ts';
import { saveDeclinedOffer } from '../db/offer-facts.ts';
import { findNewestProduct } from '../db/products.ts';
import { addDays } from './cover-dates.ts';
import { productCodePattern } from './product-code.ts';
import { notFound } from './refusals.ts';

const inputShape = z.object({
  optOutKey: z.string().max(100),
  forDays: z
    .int()
    .min(1, 'At least a day. | 至少一天。')
    .max(3_650, 'At most ten years; leave it out for good. | 最多十年；省略则永久。')
    .nullish(),
});

const forGood = new Date('9999-12-31T00:00:00Z');

/** Does not offer this to the person again, for some days or for good. */
export async function declineOffer(
  { db, now }: Services,
  personId: string,
  given: unknown,
): Promise<{ viewer: { id: string } }> {
  const { optOutKey, forDays } = parseInput(inputShape, given);
  if (!(await exists(db, optOutKey)))
    throw notFound('There is no such offer.', '没有这项推荐。', 'optOutKey');
  const until = forDays == null ? forGood : addDays(now(), forDays);
  await inTransaction(db, (trx) =>
    saveDeclinedOffer(trx, { user_id: personId, opt_out_key: optOutKey, until }),
  );
  return { viewer: { id: personId } };
}

async function exists(db: Services['db'], optOutKey: string): Promise<boolean> {
  const [kind, name = ''] = optOutKey.split(':', 2);
  if (kind === 'plan' && isId('pln', name)) return (await findAidPlans(db, [name])).length > 0;
  if (kind === 'product' && productCodePattern.test(name))
    return (await findNewestProduct(db, name)) !== undefined;
  return false;
}
