import type { VersionedCache } from '@banyan/kit/cache';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findHeatRun } from '../db/heat.ts';
import { findHotTopics, type TopicRow } from '../db/topics.ts';
import { heatMinute } from './heat-formula.ts';

export type HotSearchCopies = VersionedCache<readonly TopicRow[]>;

/** The key of the one copy there is. */
export const hotSearchKey = 'all';

const copyShape = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    name_key: z.string(),
    heat: z.string().transform(BigInt),
    post_heat: z.number(),
    comment_heat: z.number(),
    praise_heat: z.number(),
    rank: z.number().nullable(),
    peak_heat: z.string().transform(BigInt),
    heat_as_of: z.iso.datetime().transform((text) => new Date(text)),
  }),
);

/** How the copy is written and read. */
export const hotSearchCodec = {
  parse: (json: unknown): readonly TopicRow[] => copyShape.parse(json),
  encode: (topics: readonly TopicRow[]): unknown =>
    topics.map((topic) => ({ ...topic, heat: String(topic.heat), peak_heat: String(topic.peak_heat) })),
};

/**
 * The hot search, from the top. A shared copy is taken only when it is of this minute, and so cannot be older than the
 * database; any other time the database is asked and the copy renewed.
 */
export async function readHotSearch({
  db,
  now,
  hotSearchCopies,
}: Pick<Services, 'db' | 'now' | 'hotSearchCopies'>): Promise<readonly TopicRow[]> {
  const minuteMs = heatMinute(now()).getTime();
  const copy = await hotSearchCopies.get(hotSearchKey);
  if (copy?.value[0]?.heat_as_of.getTime() === minuteMs) return copy.value;
  const topics = await findHotTopics(db);
  const asOf = topics[0]?.heat_as_of;
  if (asOf?.getTime() === minuteMs) {
    const run = await findHeatRun(db);
    // A run between the two reads: the next reader keeps its copy.
    if (run.as_of.getTime() === minuteMs) await hotSearchCopies.set(hotSearchKey, run.version, topics);
  }
  return topics;
}
