import { sql, type ColumnType, type Generated, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What posts are about. Heat is as of the last run; see heat.ts. */
export interface TopicsTable {
  id: string;
  name: string;
  name_key: string;
  heat: Generated<bigint>;
  post_heat: Generated<number>;
  comment_heat: Generated<number>;
  praise_heat: Generated<number>;
  /** Place in the hot search; null outside of it. */
  rank: Generated<number | null>;
  peak_heat: Generated<bigint>;
  created_at: ColumnType<Date, Date | undefined, never>;
}

export interface PostTopicsTable {
  post_id: string;
  topic_id: string;
}

export interface StationTopicsTable {
  station_id: string;
  topic_id: string;
}

/** A topic and the time that its heat is of. */
export type TopicRow = Omit<Selectable<TopicsTable>, 'created_at'> & { heat_as_of: Date };

function topicQuery(db: Kysely<Database>) {
  return db
    .selectFrom('topics')
    .innerJoin('heat_runs', (join) => join.onTrue())
    .select([
      'topics.id',
      'topics.name',
      'topics.name_key',
      'topics.heat',
      'topics.post_heat',
      'topics.comment_heat',
      'topics.praise_heat',
      'topics.rank',
      'topics.peak_heat',
      'heat_runs.as_of as heat_as_of',
    ]);
}

export function findTopics(db: Kysely<Database>, ids: readonly string[]): Promise<TopicRow[]> {
  return topicQuery(db).where('topics.id', 'in', ids).execute();
}

export function findTopicsByKey(db: Kysely<Database>, nameKeys: readonly string[]): Promise<TopicRow[]> {
  return topicQuery(db).where('topics.name_key', 'in', nameKeys).execute();
}

export function findTopicsOfPosts(
  db: Kysely<Database>,
  postIds: readonly string[],
): Promise<(TopicRow & { post_id: string })[]> {
  return topicQuery(db)
    .innerJoin('post_topics', 'post_topics.topic_id', 'topics.id')
    .where('post_topics.post_id', 'in', postIds)
    .select('post_topics.post_id')
    .orderBy('topics.name')
    .execute();
}

/** The hottest topics of each station, by the heat that they have everywhere. */
export async function findHotTopicsOfStations(
  db: Kysely<Database>,
  stationIds: readonly string[],
  limit: number,
): Promise<(TopicRow & { station_id: string })[]> {
  const hottest = topicQuery(db)
    .innerJoin('station_topics', 'station_topics.topic_id', 'topics.id')
    .where(sql<boolean>`station_topics.station_id = parent.key`)
    .where('topics.heat', '>', 0n)
    .orderBy('topics.heat', 'desc')
    .orderBy('topics.name')
    .limit(limit);
  const { rows } = await sql<TopicRow & { station_id: string }>`
    select parent.key as station_id, hottest.*
    from unnest(${stationIds}::text[]) as parent (key) cross join lateral (${hottest}) as hottest
    order by parent.key, hottest.heat desc, hottest.name`.execute(db);
  return rows;
}

/** The hot search, from the top. */
export function findHotTopics(db: Kysely<Database>): Promise<TopicRow[]> {
  return topicQuery(db).where('topics.rank', 'is not', null).orderBy('topics.rank').execute();
}

/** The ids of topics by their names; new ones are made. */
export async function putTopics(
  trx: Transaction<Database>,
  topics: readonly { id: string; name: string; name_key: string }[],
): Promise<string[]> {
  // In one order, so that two posts about the same new topics do not wait for each other.
  const sorted = topics.toSorted((a, b) => (a.name_key < b.name_key ? -1 : 1));
  await trx
    .insertInto('topics')
    .values(sorted)
    .onConflict((conflict) => conflict.constraint('topics_name_key').doNothing())
    .execute();
  const rows = await trx
    .selectFrom('topics')
    .select('id')
    .where(
      'name_key',
      'in',
      sorted.map((topic) => topic.name_key),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

export async function linkTopics(
  trx: Transaction<Database>,
  post: { id: string; stationId: string | null },
  topicIds: readonly string[],
): Promise<void> {
  await trx
    .insertInto('post_topics')
    .values(topicIds.map((topicId) => ({ post_id: post.id, topic_id: topicId })))
    .execute();
  const { stationId } = post;
  if (stationId === null) return;
  await trx
    .insertInto('station_topics')
    .values(topicIds.map((topicId) => ({ station_id: stationId, topic_id: topicId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
