import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, onBehalfOfSeveral } from '../src/database/database.ts';
import type { Database } from '../src/database/database.ts';
import { onBehalfOfOperation, OperationOver, OperationScope } from '../src/database/operation-scope.ts';
import { createBuilder, createExecutor, toSubgraphSchema } from '../src/graphql/graphql.ts';
import type { Executor, OperationContext } from '../src/graphql/graphql.ts';
import { anonymous } from '../src/hop/hop.ts';
import { createLogger, createRegistry } from '../src/service/service.ts';
import { createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

let testDatabase: TestDatabase;
let database: Database<Record<string, never>>;
/** Sees what the others do. */
let observer: Database<Record<string, never>>;
let executor: Executor;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ name: 'deadline' });
  const { url } = testDatabase;
  // One connection, so that what follows a cancelled query follows it on the same connection.
  database = createDatabase({ url, maxConnections: 1, statementTimeoutMs: 60_000 });
  observer = createDatabase({ url, maxConnections: 1 });
  executor = startExecutor();
  await executor.start();
});

afterAll(async () => {
  await executor.stop();
  await Promise.all([database.destroy(), observer.destroy()]);
  await testDatabase.drop();
});

function startExecutor(): Executor {
  const builder = createBuilder<OperationContext>(['CNY']);
  const sleep = (seconds: number) => sql`select pg_sleep(${seconds})`.execute(database.db);
  builder.queryFields((t) => ({
    sleeps: t.boolean({
      nullable: true,
      args: { seconds: t.arg.float() },
      resolve: async (_root, { seconds }) => {
        await sleep(seconds);
        return true;
      },
    }),
  }));
  builder.mutationType({
    fields: (t) => ({
      sleep: t.boolean({
        args: { seconds: t.arg.float() },
        resolve: async (_root, { seconds }) => {
          await sleep(seconds);
          return true;
        },
      }),
    }),
  });
  return createExecutor<OperationContext>({
    schema: toSubgraphSchema(builder),
    log: createLogger({ service: 'test', level: 'silent' }),
    registry: createRegistry('test'),
    createContext: (base) => base,
  });
}

const execute = async (query: string, deadlineAtMs: number): Promise<unknown> =>
  JSON.parse(
    await executor.execute({
      query,
      variables: undefined,
      operationName: undefined,
      caller: anonymous,
      requestId: 'test',
      language: undefined,
      deadlineAtMs,
    }),
  );

/** How many queries sleep in the database of this test. */
async function countSleepers(): Promise<number> {
  const { rows } = await sql<{ sleepers: bigint }>`
    select count(*) as sleepers from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like '%pg_sleep%'
  `.execute(observer.db);
  return Number(rows[0]?.sleepers);
}

const one = async () => (await sql<{ n: number }>`select 1 as n`.execute(database.db)).rows;

describe('when the caller’s time is over', () => {
  test('the query that runs for it ends, and its connection serves the next', async () => {
    const answer = await execute('{ sleeps(seconds: 60) }', Date.now() + 300);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
    await expect.poll(countSleepers).toBe(0);
    expect(await one()).toEqual([{ n: 1 }]);
  });

  test('a query that was still waiting for a connection does not begin', async () => {
    const answers = await Promise.all([
      execute('{ sleeps(seconds: 60) }', Date.now() + 300),
      execute('{ sleeps(seconds: 60) }', Date.now() + 300),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
    }
    await expect.poll(countSleepers).toBe(0);
    expect(await one()).toEqual([{ n: 1 }]);
  });

  test('a mutation runs to its end: it may be half way', async () => {
    const answer = await execute('mutation { sleep(seconds: 1) }', Date.now() + 100);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
    expect(await countSleepers()).toBe(1);
    await one();
  });

  test('a query that only speaks of a mutation ends as well', async () => {
    const answer = await execute('query mutation { sleeps(seconds: 5) }', Date.now() + 300);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
    await expect.poll(countSleepers).toBe(0);
  });

  test('what others asked for in time is untouched', async () => {
    for (let round = 0; round < 30; round += 1) {
      const scope = new OperationScope();
      const short = onBehalfOfOperation(() => sql`select pg_sleep(0.003)`.execute(database.db), scope);
      // The next on the same connection: a cancellation that comes late would hit it.
      const next = onBehalfOfOperation(one, new OperationScope());
      setTimeout(() => {
        scope.expire();
      }, 3);
      await short.catch((error: unknown) => {
        expect(error).toBeInstanceOf(OperationOver);
      });
      expect(await next).toEqual([{ n: 1 }]);
    }
  });
});

test('a transaction of an operation that is over is rolled back, and its connection is clean', async () => {
  const scope = new OperationScope();
  const work = onBehalfOfOperation(
    () =>
      database.db.transaction().execute(async (trx) => {
        await sql`select 1`.execute(trx);
        scope.expire();
        await sql`select 2`.execute(trx);
      }),
    scope,
  );
  await expect(work).rejects.toThrow(OperationOver);
  const { rows } = await sql<{ open: boolean }>`select now() <> statement_timestamp() as open`.execute(
    database.db,
  );
  expect(rows).toEqual([{ open: false }]);
});

test('a query that several operations share outlives the first of them', async () => {
  const scope = new OperationScope();
  const shared = onBehalfOfOperation(
    () => onBehalfOfSeveral(() => sql<{ n: number }>`select 1 as n from pg_sleep(0.2)`.execute(database.db)),
    scope,
  );
  await expect.poll(countSleepers).toBe(1);
  scope.expire();
  expect((await shared).rows).toEqual([{ n: 1 }]);
});

test('what an operation leaves behind runs on when the operation is done', async () => {
  const scope = new OperationScope();
  const later = Promise.withResolvers<void>();
  const leftBehind = onBehalfOfOperation(() => later.promise.then(one), scope);
  scope.settle();
  scope.expire();
  later.resolve();
  expect(await leftBehind).toEqual([{ n: 1 }]);
});

describe('when whoever asked has gone', () => {
  const ask = (query: string) => {
    const gone = Promise.withResolvers<() => void>();
    const answer = executor.execute({
      query,
      variables: undefined,
      operationName: undefined,
      caller: anonymous,
      requestId: 'test',
      language: undefined,
      deadlineAtMs: Date.now() + 60_000,
      whenGone: gone.resolve,
    });
    return { answer, gone: gone.promise };
  };

  test('the query that runs for it ends', async () => {
    const { answer, gone } = ask('{ sleeps(seconds: 60) }');
    await expect.poll(countSleepers).toBe(1);
    (await gone)();
    await answer;
    expect(await countSleepers()).toBe(0);
  });

  test('a mutation runs to its end', async () => {
    const { answer, gone } = ask('mutation { sleep(seconds: 0.5) }');
    await expect.poll(countSleepers).toBe(1);
    (await gone)();
    expect(JSON.parse(await answer)).toEqual({ data: { sleep: true } });
  });
});
