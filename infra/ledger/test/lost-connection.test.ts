import { startCuttingProxy } from '@banyan/kit/proxy';
import { sharedByTests } from '@banyan/kit/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { audit, findTransferByKey } from '../src/ledger.ts';
import type { CommitterOptions } from '../src/ledger.ts';
import { gift, postOn, startLedger, unique } from './support/test-ledger.ts';
import { startUnseenEnd } from './support/unseen-end.ts';

/** Stands in what the client sends with each batch. */
const batch = 'ledger_post_batch';
/** Stands in what a client sends first. */
const greeting = 'application_name';

const ledger = await sharedByTests(startLedger());

afterEach(async () => {
  await ledger.installHook();
});

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
      create sequence commits;
      create function wait_at_commit() returns trigger language plpgsql security definer as $$
      begin
        if nextval('public.commits') <= 1 then perform pg_advisory_xact_lock(4711); end if;
        return null;
      end $$;
      create constraint trigger slow_commit after insert on slow_disk deferrable initially deferred
        for each row execute function wait_at_commit()`);
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
    const release = await ledger.holdBook(book);
    const committer = ledger.committer({ maxLanes: 1 });
    const posted = committer.post(gift(book));
    await ledger.untilBlocked(1);
    const session = await ledger.session();
    await session.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'ledger' and datname = current_database() and wait_event_type = 'Lock'`,
    );
    await release();
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
