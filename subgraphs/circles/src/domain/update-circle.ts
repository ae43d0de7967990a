import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { updateCircleRow, type CircleRow } from '../db/circles.ts';
import { circleActedFor } from './acting-for.ts';
import { tagsOf } from './circle-words.ts';
import { aboutText, joinQuestions } from './create-circle.ts';
import { circleAccesses } from './words.ts';

const inputShape = z.object({
  circleId: typeId('cir'),
  about: aboutText.nullish(),
  access: z.enum(circleAccesses).nullish(),
  joinQuestions: joinQuestions.nullish(),
});

/** Changes what is given and leaves the rest. */
export async function updateCircle(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { circleId, about, access, joinQuestions: questions } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const circle = await circleActedFor(trx, circleId, { userId, role: 'OPERATOR', field: 'circleId' });
    const change = {
      ...(about != null && { about, tags: tagsOf({ name: circle.name, about }) }),
      ...(access != null && { access }),
      ...(questions != null && { join_questions: questions }),
    };
    if (Object.keys(change).length === 0) return { circle };
    return { circle: await updateCircleRow(trx, circleId, change) };
  });
}
