import { grantReadWrite, type Migrations } from '@banyan/kit/database';
import { announceChanges, changesMigration, eventsMigration, type EventTables } from '@banyan/kit/events';
import {
  createBuilder,
  printSdl,
  toSubgraphSchema,
  type OperationContext,
  type PublicCopies,
} from '@banyan/kit/graphql';
import type { HopKey } from '@banyan/kit/hop';
import { createSubgraph, openParts } from '@banyan/kit/subgraph';
import { createTestDatabase } from '@banyan/kit/testing';
import type { JWK } from 'jose';
import { sql, type Kysely } from 'kysely';
import { onTestFinished } from 'vitest';

interface BookRow {
  id: string;
  title: string;
  version: number;
}

interface Tables extends EventTables {
  books: BookRow;
}

const migrations: Migrations = {
  '0000-events': eventsMigration,
  '0001-changes': changesMigration,
  '0002-books': {
    up: async (db) => {
      await sql`create table books (id text primary key, title text not null, version integer not null)`.execute(
        db,
      );
      await grantReadWrite(db, 'books');
      await announceChanges(db, { type: 'Book', table: 'books', key: 'id' });
    },
  },
};

const publicCopies: PublicCopies = {
  Query: { book: { maxAge: 60, finds: 'Book' }, books: { maxAge: 60, lists: ['Book'] } },
  Book: {
    title: { maxAge: 60 },
    version: { maxAge: 60 },
    otherTitles: { maxAge: 60, lists: ['Book'] },
  },
};

interface Context extends OperationContext {
  db: Kysely<Tables>;
  asked: string[];
  gate: { hold: Promise<void> | undefined };
}

/** What everybody may see of a book, what nobody may keep, and what belongs to the reader. */
function librarySchema() {
  const builder = createBuilder<Context>(['CNY', 'EUR'], { publicCopies });
  const book = builder.objectRef<BookRow>('Book').implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      title: t.string({
        resolve: async ({ title }, _args, { asked, gate }) => {
          asked.push('title');
          await gate.hold;
          return title;
        },
      }),
      version: t.exposeInt('version'),
      otherTitles: t.stringList({
        resolve: async ({ id }, _args, { db }) => {
          const others = db.selectFrom('books').select('title').where('id', '!=', id).orderBy('id');
          return (await others.execute()).map(({ title }) => title);
        },
      }),
      // Neither is in the list of what may be kept.
      readers: t.int({ resolve: ({ version }) => version * 2 }),
      myNote: t.string({
        nullable: true,
        resolve: ({ id }, _args, { caller }) =>
          caller.subject === null ? null : `${caller.subject} on ${id}`,
      }),
    }),
  });
  builder.asEntity(book, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: ({ id }, { db }) =>
      db.selectFrom('books').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  });
  builder.queryFields((t) => ({
    book: t.field({
      type: book,
      nullable: true,
      args: { id: t.arg.id() },
      resolve: async (_root, { id }, { db, asked }) => {
        asked.push('book');
        return (await db.selectFrom('books').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
      },
    }),
    books: t.field({
      type: [book],
      resolve: (_root, _args, { db }) => db.selectFrom('books').selectAll().orderBy('id').execute(),
    }),
  }));
  builder.mutationType({
    fields: (t) => ({
      retitle: t.int({
        args: { id: t.arg.id(), title: t.arg.string() },
        resolve: async (_root, { id, title }, { db }) => {
          const { version } = await db
            .insertInto('books')
            .values({ id, title, version: 1 })
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet({ title, version: sql<number>`books.version + 1` }),
            )
            .returning('version')
            .executeTakeFirstOrThrow();
          return version;
        },
      }),
    }),
  });
  return toSubgraphSchema(builder);
}

export interface Library {
  url: string;
  sdl: string;
  db: Kysely<Tables>;
  /** Fields that resolvers were asked for. */
  asked: string[];
  /** Lets readers of titles wait. */
  gate: { hold: Promise<void> | undefined };
  stop(): Promise<void>;
}

/**
 * A real subgraph with a real database, that says what changes.
 * @param databaseBy gives another URL for the database, such as that of a proxy before it
 */
export async function startLibrary(
  keys: { hopKeys: HopKey[]; assertionKeys: JWK[] },
  databaseBy: (url: string) => Promise<string> = async (url) => url,
): Promise<Library> {
  const testDatabase = await createTestDatabase({ name: 'library', migrations });
  const parts = openParts<Tables>('library', {
    LOG_LEVEL: 'silent',
    DATABASE_URL: await databaseBy(testDatabase.url),
    MAX_CONNECTIONS: 10,
    STATEMENT_TIMEOUT_MS: 10_000,
    LOCK_TIMEOUT_MS: 3_000,
    REDIS_URL: undefined,
  });
  const { db } = parts.database;
  const schema = librarySchema();
  const shared = {
    db,
    asked: [] as string[],
    gate: { hold: undefined as Promise<void> | undefined },
  };
  const subgraph = createSubgraph<Context, Tables>({
    name: 'library',
    config: {
      HOST: '127.0.0.1',
      PORT: 0,
      DRAIN_MS: 0,
      HOP_KEYS: keys.hopKeys as [HopKey, ...HopKey[]],
      ASSERTION_JWKS: { keys: keys.assertionKeys as never },
    },
    parts,
    schema,
    createContext: (base) => ({ ...base, ...shared }),
  });
  const { url } = await subgraph.start();
  await db.insertInto('books').values({ id: 'bok_1', title: 'One', version: 1 }).execute();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= subgraph.stop());
  onTestFinished(async () => {
    shared.gate.hold = undefined;
    await stop();
    await testDatabase.drop();
  });
  return { url, sdl: await printSdl(schema), ...shared, stop };
}
