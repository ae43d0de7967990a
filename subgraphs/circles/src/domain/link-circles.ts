import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { countCircleLinks, deleteCircleLink, upsertCircleLink } from '../db/circle-links.ts';
import { findCircle, lockCircle, type CircleRow } from '../db/circles.ts';
import { circleActedFor } from './acting-for.ts';
import { noSuchCircle } from './refusals.ts';
import { linkDirections } from './words.ts';

/** Circles that one may link itself to. */
export const maxLinks = 20n;

const inputShape = z
  .object({
    fromId: typeId('cir'),
    toId: typeId('cir'),
    direction: z.enum(linkDirections).nullish(),
  })
  .refine(({ fromId, toId }) => fromId !== toId, {
    path: ['toId'],
    message: 'A circle is not linked to itself. | 圈子不能链接到自身。',
  });

/**
 * Links one circle to another, changes the direction, or takes the link away when there is none. To publish into another
 * circle one must act for that one too.
 */
export async function linkCircles(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { fromId, toId, direction } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const circle = await circleActedFor(trx, fromId, { userId, role: 'OPERATOR', field: 'fromId' });
    if (direction == null) {
      await deleteCircleLink(trx, { from_id: fromId, to_id: toId });
      return { circle };
    }
    if (direction === 'SUBSCRIBES_TO') {
      if ((await findCircle(trx, toId)) === undefined) throw noSuchCircle('toId');
    } else {
      await circleActedFor(trx, toId, { userId, role: 'OPERATOR', field: 'toId' });
    }
    await lockCircle(trx, fromId);
    await upsertCircleLink(trx, { from_id: fromId, to_id: toId, direction });
    if ((await countCircleLinks(trx, fromId)) > maxLinks) throw tooManyLinks();
    return { circle };
  });
}

function tooManyLinks() {
  return refuse(
    'INVALID_INPUT',
    { en: `A circle has at most ${maxLinks} links.`, zh: `每个圈子最多 ${maxLinks} 个链接。` },
    ['input', 'toId'],
  );
}
