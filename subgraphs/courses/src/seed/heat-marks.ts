import type { Selectable } from 'kysely';
import type { HeatMarksTable } from '../db/heat.ts';
import { heatFormula, heatHour, type HeatKind } from '../domain/heat-formula.ts';
import type { SeedPost, SeedPraise } from './posts.ts';

type Mark = Selectable<HeatMarksTable>;

/** The marks that writing and praising would have left: one of each person, topic and hour, the weightiest. */
export function heatMarkRows(
  posts: readonly SeedPost[],
  praises: readonly SeedPraise[],
  postTopics: readonly { post_id: string; topic_id: string }[],
): Mark[] {
  const topicsOf = Map.groupBy(postTopics, (row) => row.post_id);
  const marks = new Map<string, Mark>();
  function mark(topicsOfPost: string, kind: HeatKind, userId: string, postId: string, at: Date): void {
    for (const { topic_id: topicId } of topicsOf.get(topicsOfPost) ?? []) {
      const hour = heatHour(at);
      const key = `${topicId} ${userId} ${hour.getTime()}`;
      const weight = heatFormula.weights[kind];
      if ((marks.get(key)?.weight ?? 0) >= weight) continue;
      marks.set(key, { topic_id: topicId, user_id: userId, hour, kind, weight, post_id: postId, at });
    }
  }
  for (const post of posts) {
    const kind = post.parent_id === null ? 'POST' : 'COMMENT';
    mark(post.parent_id ?? post.id, kind, post.author_id, post.id, post.created_at);
  }
  for (const { post_id: postId, user_id: userId, given_at: at } of praises)
    mark(postId, 'PRAISE', userId, postId, at);
  return [...marks.values()];
}
