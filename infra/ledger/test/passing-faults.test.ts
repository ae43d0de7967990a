import { sharedByTests } from '@banyan/kit/testing';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Committer, CommitterOptions } from '../src/ledger.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

beforeAll(async () => {
  await ledger.owner.query('create sequence hiccups');
});

afterEach(async () => {
  await ledger.installHook();
});

/** Makes the first `times` batches fail with the SQLSTATE; a sequence remembers what a rollback forgets. */
async function hiccup(sqlState: string, times: number): Promise<void> {
  await ledger.owner.query('alter sequence hiccups restart');
  await ledger.installHook(`begin
    if nextval('public.hiccups') <= ${times} then
      raise exception 'hiccup' using errcode = '${sqlState}';
    end if;
  end`);
}

/** What PostgreSQL said, as a committer is told of it. */
function causeOf(error: unknown): { code: unknown } {
  return (error as Error).cause as { code: unknown };
}

/** A committer that goes on trying, and what PostgreSQL said first. */
function stubborn(options: Partial<CommitterOptions> = {}): {
  committer: Committer;
  firstFault: Promise<unknown>;
} {
  const firstFault = Promise.withResolvers<unknown>();
  const onFault: CommitterOptions['onFault'] = (_, error) => firstFault.resolve(causeOf(error));
  const committer = ledger.committer({ maxAttempts: 1_000, onFault, ...options });
  return { committer, firstFault: firstFault.promise };
}

/** A committer with one connection, and the SQLSTATEs that it has met. */
function attentive(): { committer: Committer; seen: readonly unknown[] } {
  const seen: unknown[] = [];
  const committer = ledger.committer({
    maxLanes: 1,
    onFault: (_, error) => seen.push(causeOf(error).code),
  });
  return { committer, seen };
}

async function postBatchSource(): Promise<string> {
  const { rows } = await ledger.owner.query<{ body: string }>(
    `select pg_get_functiondef('ledger.post_batch'::regproc) as body`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('there is no function that posts');
  return row.body;
}

/** Changes the schema in one transaction. */
async function migrate(...statements: string[]): Promise<void> {
  await ledger.owner.query('begin');
  for (const statement of statements) await ledger.owner.query(statement);
  await ledger.owner.query('commit');
}

describe('what passes is tried again', () => {
  const passing: [string, string][] = [
    ['serialization failure', '40001'],
    ['deadlock', '40P01'],
    ['lock timeout', '55P03'],
    ['statement timeout', '57014'],
    ['administrator ends the session', '57P01'],
    ['crash shutdown', '57P02'],
    ['server starts up', '57P03'],
    ['demoted to read-only', '25006'],
    ['plan changed by a migration', '0A000'],
    ['prepared statement gone', '26000'],
    ['connection failure', '08006'],
    ['disk full', '53100'],
  ];
  test.each(passing)('%s (%s): counted once, the caller notices nothing', async (_, sqlState) => {
    const book = await ledger.newBook();
    await hiccup(sqlState, 2);
    const seen: string[] = [];
    const committer = ledger.committer({ onFault: (fault) => seen.push(fault.kind) });
    expect(await committer.post(gift(book))).toMatchObject({ outcome: 'POSTED', totals: { version: 1n } });
    expect(seen).toEqual(['RETRY', 'RETRY']);
  });

  test('what never passes ends: no effect, and the caller is told so', async () => {
    const book = await ledger.newBook();
    await hiccup('40001', 1_000);
    const committer = ledger.committer({ maxAttempts: 4 });
    await expect(committer.post(gift(book))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    const { rows } = await ledger.owner.query<{ calls: string }>('select last_value as calls from hiccups');
    expect(rows).toEqual([{ calls: '4' }]);
  });

  test('a mistake in the hook is not tried again and counts nothing', async () => {
    const book = await ledger.newBook();
    await ledger.installHook('begin insert into public.nowhere values (1); end');
    const seen: string[] = [];
    const committer = ledger.committer({ onFault: (fault) => seen.push(fault.kind) });
    await expect(committer.post(gift(book))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(seen).toEqual(['FATAL']);
    expect(await ledger.factsOf(book)).toEqual([]);
  });

  test.each([
    [
      'a lock that another process keeps too long: the wait is bounded and repeated',
      { bounds: { lockTimeoutMs: 20 }, sqlState: '55P03' },
    ],
    [
      'a statement that takes too long: it is ended, and repeated',
      { bounds: { lockTimeoutMs: 60_000, statementTimeoutMs: 50 }, sqlState: '57014' },
    ],
  ])('%s', async (_, { bounds, sqlState }) => {
    const book = await ledger.newBook();
    const release = await ledger.holdBook(book);
    const { committer, firstFault } = stubborn(bounds);
    const posted = committer.post(gift(book));
    expect(await firstFault).toMatchObject({ code: sqlState });
    await release();
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
  });

  test('a prepared statement that is gone, as behind a pooler: prepared anew, and nobody notices', async () => {
    const book = await ledger.newBook();
    const { committer, seen } = attentive();
    await ledger.installHook(`begin execute 'deallocate all'; end`);
    for (let round = 0; round < 2; round += 1) {
      expect(await committer.post(gift(book))).toMatchObject({ outcome: 'POSTED' });
    }
    expect(seen).toEqual(['26000']);
    expect(await ledger.factsOf(book)).toHaveLength(2);
  });

  test('a primary that is demoted under load: the gift waits for one that takes it', async () => {
    const book = await ledger.newBook();
    const { rows } = await ledger.owner.query<{ name: string }>('select current_database() as name');
    const setting = `alter database ${rows[0]?.name ?? ''} set default_transaction_read_only`;
    await ledger.owner.query(`${setting} = on`);
    const { committer, firstFault } = stubborn();
    const posted = committer.post(gift(book));
    expect(await firstFault).toMatchObject({ code: '25006' });
    await ledger.owner.query(`${setting} = off`);
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
  });

  test('a migration changes a type that the function answers with: planned anew, and nobody notices', async () => {
    const book = await ledger.newBook();
    const { committer, seen } = attentive();
    const before = await postBatchSource();
    const change = async (type: string, body: string) =>
      migrate(`alter type ledger.answer alter attribute currency type ${type}`, body);
    await committer.post(gift(book));
    await change(
      'varchar',
      before.replace('t.status, t.currency, t.credited', 't.status, t.currency::varchar, t.credited'),
    );
    await committer.post(gift(book));
    await change('text', before);
    expect(await committer.post(gift(book))).toMatchObject({
      outcome: 'POSTED',
      totals: { receiptCount: 3n },
    });
    expect(seen).toEqual(['0A000', '0A000']);
  });

  test('a migration replaces the function under load: nobody notices', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer({ maxLanes: 1 });
    await committer.post(gift(book));
    const body = await postBatchSource();
    const gifts: Promise<unknown>[] = [];
    for (let round = 0; round < 10; round += 1) {
      gifts.push(...Array.from({ length: 10 }, async () => committer.post(gift(book))));
      await migrate(
        'alter type ledger.answer add attribute more text',
        'alter type ledger.answer drop attribute more',
        body,
      );
    }
    await Promise.all(gifts);
    expect(await ledger.factsOf(book)).toHaveLength(101);
  });
});
