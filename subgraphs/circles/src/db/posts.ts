import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Database } from './database.ts';

/** A post, or with a parent a comment on one. */
export interface PostsTable {
  id: string;
  circle_id: string;
  parent_id: string | null;
  author_id: string;
  body: string;
  pinned: Generated<boolean>;
  /** Why it is hidden; null when it is not. */
  hidden_reason: string | null;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type PostRow = Selectable<PostsTable>;

export function findPosts(db: Kysely<Database>, ids: readonly string[]): Promise<PostRow[]> {
  return db.selectFrom('posts').selectAll().where('id', 'in', ids).execute();
}

export function findPost(db: Kysely<Database>, id: string): Promise<PostRow | undefined> {
  return db.selectFrom('posts').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Posts of circles: pinned ones, then the newest. */
export function pagesOfPosts(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<PostRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('posts').selectAll('posts').where('parent_id', 'is', null), {
    parentColumn: 'posts.circle_id',
    requests,
    orderBy: [
      { column: 'posts.pinned', direction: 'desc' },
      { column: 'posts.created_at', direction: 'desc' },
      { column: 'posts.id', direction: 'desc' },
    ],
  });
}

/** Comments on posts, as a conversation is read. */
export function pagesOfComments(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<PostRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('posts').selectAll('posts'), {
    parentColumn: 'posts.parent_id',
    requests,
    orderBy: [
      { column: 'posts.created_at', direction: 'asc' },
      { column: 'posts.id', direction: 'asc' },
    ],
  });
}

export function findPostByKey(
  db: Kysely<Database>,
  authorId: string,
  key: string,
): Promise<PostRow | undefined> {
  return db
    .selectFrom('posts')
    .selectAll()
    .where('author_id', '=', authorId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** Undefined when the author's key is taken. */
export function insertPost(
  trx: Transaction<Database>,
  post: Insertable<PostsTable>,
): Promise<PostRow | undefined> {
  return trx
    .insertInto('posts')
    .values(post)
    .onConflict((conflict) => conflict.constraint('posts_author_key').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function lockPost(trx: Transaction<Database>, id: string): Promise<PostRow | undefined> {
  return trx.selectFrom('posts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updatePost(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<PostsTable>,
): Promise<PostRow> {
  return trx.updateTable('posts').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}
