import { parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { markRead } from '../db/notifications.ts';

const maxAtOnce = 200;
const inputShape = z.object({
  ids: z
    .array(typeId('ntf'))
    .min(1, 'At least one. | 至少选择一条。')
    .max(maxAtOnce, `At most ${maxAtOnce} at once. | 一次最多 ${maxAtOnce} 条。`),
});

/** Marks the person's own among these as read; what was read stays read since then. */
export async function markNotificationsRead(
  { db, now }: Services,
  personId: string,
  input: unknown,
): Promise<{ viewer: { id: string } }> {
  const { ids } = parseInput(inputShape, input);
  await markRead(db, personId, ids, now());
  return { viewer: { id: personId } };
}
