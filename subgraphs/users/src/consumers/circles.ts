import type { EventHandler } from '@banyan/kit/events';
import { circleThemes } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { forgetFact, recordFact } from '../db/facts.ts';

const joined = z.object({ userId: z.string(), circleId: z.string(), theme: z.enum(circleThemes) });
const left = z.object({ userId: z.string(), circleId: z.string() });

/** What circles tells: who belongs where, as long as they do. */
export const circlesHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'circle.joined': async (trx, { payload, occurredAt }) => {
    const { userId, circleId, theme } = joined.parse(payload);
    const happenedAt = new Date(occurredAt);
    await recordFact(trx, { personId: userId, kind: 'CIRCLE', key: circleId, word: theme, happenedAt });
  },
  'circle.left': async (trx, { payload }) => {
    const { userId, circleId } = left.parse(payload);
    await forgetFact(trx, { personId: userId, kind: 'CIRCLE', key: circleId });
  },
};
