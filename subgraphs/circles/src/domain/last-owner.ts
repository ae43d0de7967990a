import { refuse } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { lockCircle } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { countOtherOwners } from '../db/memberships.ts';

/**
 * Keeps a circle from losing its last owner, also when two go at once: the circle is locked until the transaction ends.
 * @throws Refusal `FORBIDDEN`.
 */
export async function assertOwnerRemains(
  trx: Transaction<Database>,
  circleId: string,
  goingUserId: string,
  field: string,
): Promise<void> {
  await lockCircle(trx, circleId);
  if ((await countOtherOwners(trx, circleId, goingUserId)) > 0n) return;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'A circle keeps at least one owner. Name another first.',
      zh: '圈子至少要有一位圈主，请先指定新的圈主。',
    },
    ['input', field],
  );
}
