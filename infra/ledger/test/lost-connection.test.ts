import { startCuttingProxy } from '@banyan/kit/proxy';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { audit, findTransferByKey, openBook } from '../src/ledger.ts';
import type { CommitterOptions, TransferInput } from '../src/ledger.ts';
import { gift, postOn, startLedger, unique } from './support/test-ledger.ts';
import type { TestLedger } from './support/test-ledger.ts';
import { startUnseenEnd } from './support/unseen-end.ts';

/** Stands in what the client sends with each batch. */
const batch = 'ledger_post_batch';
/** Stands in what a client sends first. */
const greeting = 'application_name';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startLedger();
  await ledger.owner.query('create sequence hiccups');
});

afterEach(async () => {
  await ledger.installHook();
});

afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
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

describe('a lost connection is unknown only until the same batch has been sent again', () => {
  // So much that one write of the operating system does not hold it: the first is taken, the second is told of the end.
  test.each([600, 2_400])(
    'a server that closed an idle connection unseen: a thousand gifts with %i bytes of details are counted once',
    async (bytes) => {
      using proxy = await startUnseenEnd(ledger.url);
      const committer = ledger.committer({ url: proxy.url, maxLanes: 1 });
      const book = await ledger.newBook();
      await committer.post(gift(book));
      proxy.endUnseen();
      const gifts = Array.from({ length: 1_000 }, () => gift(book, { details: { note: 'x'.repeat(bytes) } }));
      const posted = await Promise.all(gifts.map(async (each) => committer.post(each)));
      expect(posted).toHaveLength(1_000);
      expect(await audit(ledger.database.db, book)).toEqual([]);
    },
  );

  test('cut after the commit: every gift is counted once, and answered as the first time', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    const committer = ledger.committer({ url: proxy.url, maxLanes: 1 });
    proxy.cut(batch, 'after', 1);
    const gifts = Array.from({ length: 20 }, () => gift(book));
    const results = await Promise.all(gifts.map(async (each) => committer.post(each)));
    expect(proxy.cuts).toBe(1);
    expect(results.map((each) => [each.outcome, each.transfer?.id])).toEqual(
      gifts.map((each) => ['POSTED', each.id]),
    );
    expect(results[0]?.totals).toMatchObject({ credited: 2_000n, version: 1n });
    expect(await ledger.factsOf(book)).toHaveLength(20);
  });

  test('cut before the server heard it: every gift is counted once', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    const committer = ledger.committer({ url: proxy.url, maxLanes: 1 });
    proxy.cut(batch, 'before', 3);
    const results = await Promise.all([committer.post(gift(book)), committer.post(gift(book))]);
    expect(proxy.cuts).toBe(3);
    expect(results.map((each) => each.outcome)).toEqual(['POSTED', 'POSTED']);
    expect(await ledger.factsOf(book)).toHaveLength(2);
  });

  test('half of the lost batch has been posted by another process meanwhile: each gift has its own right answer', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    const lost = Promise.withResolvers<void>();
    const committer = ledger.committer({
      url: proxy.url,
      maxLanes: 1,
      maxAttempts: 1_000,
      onFault: () => lost.resolve(),
    });
    proxy.cut(batch, 'before', 1_000);
    const [same, other, fresh] = [gift(book), gift(book), gift(book)];
    const posted = Promise.all([same, other, fresh].map(async (each) => committer.post(each)));
    await lost.promise;
    const elsewhere = [{ ...same, id: unique('trf') }, gift(book, { payer: other.payer, amount: 7n })];
    await postOn(await ledger.session(), ...elsewhere);
    proxy.cut(batch, 'before', 0);
    expect((await posted).map((each) => [each.outcome, each.transfer?.id])).toEqual([
      ['REPLAYED', elsewhere[0]?.id],
      ['KEY_REUSED', undefined],
      ['POSTED', fresh.id],
    ]);
    expect((await ledger.factsOf(book)).map((each) => each.id)).toEqual([
      ...elsewhere.map((each) => each.id),
      fresh.id,
    ]);
  });

  test('half of a batch was committed before the connection broke: sent again, every gift is counted once', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    const committer = ledger.committer({
      url: proxy.url,
      maxLanes: 1,
      // A row at fault has the batch sent in halves; the connection breaks after the commit of the first of them.
      onFault: ({ kind }, _, rows) => {
        if (kind === 'ROW' && rows === 8) proxy.cut(batch, 'after', 1);
      },
    });
    const { transfer } = await committer.post(gift(book));
    const gifts = Array.from({ length: 8 }, () => gift(book));
    gifts[7] = gift(book, { id: transfer?.id ?? '' });
    const results = await Promise.allSettled(gifts.map(async (each) => committer.post(each)));
    expect(proxy.cuts).toBe(1);
    expect(results.map((each) => each.status)).toEqual([...Array<string>(7).fill('fulfilled'), 'rejected']);
    expect(await ledger.factsOf(book)).toHaveLength(8);
    expect(await audit(ledger.database.db, book)).toEqual([]);
  });

  test('a disk so slow that nobody waits for its commit: the gift is counted once, and answered when it is', async () => {
    const book = await ledger.newBook();
    // The commit waits, and no statement timeout ends it, until somebody lets it go.
    await ledger.owner.query(`
      create table slow_disk (id text);
      create function wait_at_commit() returns trigger language plpgsql security definer as $$
      begin
        if nextval('public.hiccups') <= 1 then perform pg_advisory_xact_lock(4711); end if;
        return null;
      end $$;
      create constraint trigger slow_commit after insert on slow_disk deferrable initially deferred
        for each row execute function wait_at_commit()`);
    await ledger.owner.query('alter sequence hiccups restart');
    await ledger.installHook('begin insert into public.slow_disk select p.id from unnest(posted) p; end');
    const disk = await ledger.ownerSession();
    await disk.query('select pg_advisory_lock(4711)');
    const gaveUp = Promise.withResolvers<unknown>();
    const committer = ledger.committer({
      maxLanes: 1,
      answerTimeoutMs: 100,
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 60_000,
      maxAttempts: 10_000,
      onFault: (fault) => gaveUp.resolve(fault),
    });
    const input = gift(book);
    const posted = committer.post(input);
    expect(await gaveUp.promise).toMatchObject({ kind: 'RETRY', mayHaveCommitted: true });
    await disk.query('select pg_advisory_unlock(4711)');
    expect(await posted).toMatchObject({
      outcome: 'POSTED',
      transfer: { id: input.id },
      totals: { version: 1n },
    });
    expect(await ledger.factsOf(book)).toHaveLength(1);
    await committer.drain();
  });

  test('the session is ended while the call waits for its lock: counted once', async () => {
    const book = await ledger.newBook();
    const holder = await ledger.ownerSession();
    await holder.query('begin');
    await holder.query('select from ledger.totals where book = $1 for update', [book]);
    const committer = ledger.committer({ maxLanes: 1 });
    const posted = committer.post(gift(book));
    await ledger.untilBlocked(1);
    const session = await ledger.session();
    await session.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'ledger' and datname = current_database() and wait_event_type = 'Lock'`,
    );
    await holder.query('commit');
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
    expect(await ledger.factsOf(book)).toHaveLength(1);
  });

  test('never failed: when nobody answers any more the outcome is unknown, and the key tells later', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    const onFault: CommitterOptions['onFault'] = () => proxy.cut(greeting, 'before', Infinity);
    const committer = ledger.committer({ url: proxy.url, maxLanes: 1, maxAttempts: 3, onFault });
    proxy.cut(batch, 'after', 1);
    const input = gift(book);
    await expect(committer.post(input)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', key: input.key });
    expect(await findTransferByKey(ledger.database.db, input)).toMatchObject({ id: input.id });
    proxy.cut(greeting, 'before', 0);
    expect(await committer.post({ ...input, id: 'another' })).toMatchObject({
      outcome: 'REPLAYED',
      transfer: { id: input.id },
    });
  });

  test('a server that was never reached is unavailable, not unknown', async () => {
    const book = await ledger.newBook();
    await using proxy = await startCuttingProxy(ledger.url);
    proxy.cut(greeting, 'before', Infinity);
    const committer = ledger.committer({ url: proxy.url, maxAttempts: 2 });
    await expect(committer.post(gift(book))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

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

  test('a lock that another process keeps too long: the wait is bounded and repeated', async () => {
    const book = await ledger.newBook();
    const holder = await ledger.ownerSession();
    await holder.query('begin');
    await holder.query('select from ledger.totals where book = $1 for update', [book]);
    const firstFault = Promise.withResolvers<unknown>();
    const committer = ledger.committer({
      lockTimeoutMs: 20,
      maxAttempts: 1_000,
      onFault: (_, error) => firstFault.resolve((error as Error).cause),
    });
    const posted = committer.post(gift(book));
    expect(await firstFault.promise).toMatchObject({ code: '55P03' });
    await holder.query('commit');
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
  });

  test('a statement that takes too long: it is ended, and repeated', async () => {
    const book = await ledger.newBook();
    const holder = await ledger.ownerSession();
    await holder.query('begin');
    await holder.query('select from ledger.totals where book = $1 for update', [book]);
    const firstFault = Promise.withResolvers<unknown>();
    const committer = ledger.committer({
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 50,
      maxAttempts: 1_000,
      onFault: (_, error) => firstFault.resolve((error as Error).cause),
    });
    const posted = committer.post(gift(book));
    expect(await firstFault.promise).toMatchObject({ code: '57014' });
    await holder.query('commit');
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
  });

  test('a prepared statement that is gone, as behind a pooler: prepared anew, and nobody notices', async () => {
    const book = await ledger.newBook();
    const seen: unknown[] = [];
    const committer = ledger.committer({
      maxLanes: 1,
      onFault: (_, error) => seen.push(((error as Error).cause as { code: unknown }).code),
    });
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
    const demoted = Promise.withResolvers<unknown>();
    const committer = ledger.committer({
      maxAttempts: 1_000,
      onFault: (_, error) => demoted.resolve((error as Error).cause),
    });
    const posted = committer.post(gift(book));
    expect(await demoted.promise).toMatchObject({ code: '25006' });
    await ledger.owner.query(`${setting} = off`);
    expect(await posted).toMatchObject({ outcome: 'POSTED' });
  });

  test('a migration changes a type that the function answers with: planned anew, and nobody notices', async () => {
    const book = await ledger.newBook();
    const seen: unknown[] = [];
    const committer = ledger.committer({
      maxLanes: 1,
      onFault: (_, error) => seen.push(((error as Error).cause as { code: unknown }).code),
    });
    const { rows } = await ledger.owner.query<{ body: string }>(
      `select pg_get_functiondef('ledger.post_batch'::regproc) as body`,
    );
    const [before = ''] = rows.map(({ body }) => body);
    const change = async (type: string, body: string) => {
      await ledger.owner.query('begin');
      await ledger.owner.query(`alter type ledger.answer alter attribute currency type ${type}`);
      await ledger.owner.query(body);
      await ledger.owner.query('commit');
    };
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
    const { rows } = await ledger.owner.query<{ body: string }>(
      `select pg_get_functiondef('ledger.post_batch'::regproc) as body`,
    );
    const gifts: Promise<unknown>[] = [];
    for (let round = 0; round < 10; round += 1) {
      gifts.push(...Array.from({ length: 10 }, async () => committer.post(gift(book))));
      await ledger.owner.query('begin');
      await ledger.owner.query('alter type ledger.answer add attribute more text');
      await ledger.owner.query('alter type ledger.answer drop attribute more');
      await ledger.owner.query(rows[0]?.body ?? '');
      await ledger.owner.query('commit');
    }
    await Promise.all(gifts);
    expect(await ledger.factsOf(book)).toHaveLength(101);
  });
});

test('locks are taken in the order of the books, whatever the order of the gifts', async () => {
  // The order of the books is neither that of the gifts nor that of the rows in the table.
  const [second, first] = [unique('zebra'), unique('ant')];
  for (const book of [second, first]) {
    await openBook(ledger.database.db, { book, currency: 'CNY', maxAmount: 1_000n });
  }
  const holder = await ledger.ownerSession();
  const other = await ledger.ownerSession();
  await holder.query('begin');
  await holder.query('select from ledger.totals where book = $1 for update', [first]);
  const committer = ledger.committer({ maxLanes: 1 });
  const backwards: TransferInput[] = [gift(second), gift(first)];
  const posted = Promise.all(backwards.map(async (each) => committer.post(each)));
  await ledger.untilBlocked(1);
  // The batch waits for the first book, so it must not hold the second yet.
  await other.query('select from ledger.totals where book = $1 for update nowait', [second]);
  await holder.query('commit');
  expect((await posted).map((each) => each.outcome)).toEqual(['POSTED', 'POSTED']);
});
