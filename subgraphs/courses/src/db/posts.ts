import { keysetPagePerParent, type KeysetOrder, type Page } from '@banyan/kit/database';
import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  Insertable,
  Kysely,
  Selectable,
  Transaction,
} from 'kysely';
import type { Database } from './database.ts';

export const postKinds = ['TEXT'] as const;
export type PostKind = (typeof postKinds)[number];
export const postSorts = ['HOT', 'NEW'] as const;
export type PostSort = (typeof postSorts)[number];

/** A post, or a comment when it has a parent. */
export interface PostsTable {
  id: string;
  author_id: string;
  /** Null: on the topic square. */
  station_id: string | null;
  parent_id: string | null;
  kind: PostKind;
  body: string;
  praise_count: Generated<bigint>;
  comment_count: Generated<bigint>;
  ordinal: GeneratedAlways<bigint>;
  created_at: ColumnType<Date, Date | undefined, never>;
  hidden_at: Generated<Date | null>;
  hidden_by: Generated<string | null>;
  hidden_reason: Generated<string | null>;
  hot_score: GeneratedAlways<number>;
}
export type PostRow = Selectable<PostsTable>;

export interface ReportsTable {
  id: string;
  post_id: string;
  reporter_id: string;
  body: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

type Requests = readonly { parent: string; first: number; after?: string | null | undefined }[];
type PostOrder = readonly KeysetOrder<'posts.hot_score' | 'posts.ordinal'>[];

const orders: Readonly<Record<PostSort, PostOrder>> = {
  HOT: [
    { column: 'posts.hot_score', direction: 'desc' },
    { column: 'posts.ordinal', direction: 'desc' },
  ],
  NEW: [{ column: 'posts.ordinal', direction: 'desc' }],
};

const shownPosts = (db: Kysely<Database>) =>
  db.selectFrom('posts').selectAll('posts').where('posts.hidden_at', 'is', null);
const topPosts = (db: Kysely<Database>) => shownPosts(db).where('posts.parent_id', 'is', null);

export function findPosts(db: Kysely<Database>, ids: readonly string[]): Promise<PostRow[]> {
  return db.selectFrom('posts').selectAll().where('id', 'in', ids).execute();
}

export function findPostsOfStations(db: Kysely<Database>, sort: PostSort, requests: Requests) {
  return keysetPagePerParent(db, topPosts(db), {
    parentColumn: 'posts.station_id',
    requests,
    orderBy: orders[sort],
  });
}

export function findPostsOfTopics(
  db: Kysely<Database>,
  sort: PostSort,
  requests: Requests,
): Promise<Page<PostRow>[]> {
  const query = topPosts(db).innerJoin('post_topics', 'post_topics.post_id', 'posts.id');
  return keysetPagePerParent(db, query, {
    parentColumn: 'post_topics.topic_id',
    requests,
    orderBy: orders[sort],
  });
}

export function findPostsOfAuthors(db: Kysely<Database>, requests: Requests): Promise<Page<PostRow>[]> {
  return keysetPagePerParent(db, topPosts(db), {
    parentColumn: 'posts.author_id',
    requests,
    orderBy: orders.NEW,
  });
}

/** Oldest first, as a conversation is read. */
export function findComments(db: Kysely<Database>, requests: Requests): Promise<Page<PostRow>[]> {
  return keysetPagePerParent(db, shownPosts(db), {
    parentColumn: 'posts.parent_id',
    requests,
    orderBy: [{ column: 'posts.ordinal', direction: 'asc' }],
  });
}

interface Total {
  parent: string;
  total: bigint;
}

/** Posts that are shown, for each station or author. */
export function countPostsBy(
  db: Kysely<Database>,
  column: 'station_id' | 'author_id',
  parents: readonly string[],
): Promise<Total[]> {
  return db
    .selectFrom('posts')
    .where(column, 'in', parents)
    .where('parent_id', 'is', null)
    .where('hidden_at', 'is', null)
    .groupBy(column)
    .select((post) => [
      post.ref(column).$castTo<string>().as('parent'),
      post.fn.countAll<bigint>().as('total'),
    ])
    .execute();
}

export function countPostsOfTopics(db: Kysely<Database>, topicIds: readonly string[]): Promise<Total[]> {
  return db
    .selectFrom('post_topics')
    .innerJoin('posts', 'posts.id', 'post_topics.post_id')
    .where('post_topics.topic_id', 'in', topicIds)
    .where('posts.parent_id', 'is', null)
    .where('posts.hidden_at', 'is', null)
    .groupBy('post_topics.topic_id')
    .select(({ fn }) => ['post_topics.topic_id as parent', fn.countAll<bigint>().as('total')])
    .execute();
}

export function lockPost(trx: Transaction<Database>, id: string): Promise<PostRow | undefined> {
  return trx.selectFrom('posts').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export async function insertPost(trx: Transaction<Database>, post: Insertable<PostsTable>): Promise<void> {
  await trx.insertInto('posts').values(post).execute();
}

export async function addComments(
  trx: Transaction<Database>,
  postId: string,
  comments: bigint,
): Promise<void> {
  await trx
    .updateTable('posts')
    .set((update) => ({ comment_count: update('comment_count', '+', comments) }))
    .where('id', '=', postId)
    .execute();
}

export async function addPraises(trx: Transaction<Database>, postId: string, praises: bigint): Promise<void> {
  await trx
    .updateTable('posts')
    .set((update) => ({ praise_count: update('praise_count', '+', praises) }))
    .where('id', '=', postId)
    .execute();
}

export async function markHidden(
  trx: Transaction<Database>,
  postId: string,
  hiding: { hidden_at: Date; hidden_by: string; hidden_reason: string },
): Promise<void> {
  await trx.updateTable('posts').set(hiding).where('id', '=', postId).execute();
}

/** One report of one person; a second one changes nothing. */
export async function insertReport(db: Kysely<Database>, report: Insertable<ReportsTable>): Promise<void> {
  await db
    .insertInto('reports')
    .values(report)
    .onConflict((conflict) => conflict.constraint('reports_post_reporter_key').doNothing())
    .execute();
}
