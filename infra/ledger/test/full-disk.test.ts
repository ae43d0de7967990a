import { join } from 'node:path';
import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import { mountSmallDisk, startPostgres } from '@banyan/kit/embedded';
import type { PostgresServer } from '@banyan/kit/embedded';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { audit, createCommitter, ledgerMigration, openBook } from '../src/ledger.ts';
import type { LedgerTables, PostResult } from '../src/ledger.ts';
import { gift, startLedger, unique } from './support/test-ledger.ts';

const DISK_MIB = 512;
const BOOK = unique('book');

/** Asks for segments of the write-ahead log until there is none, on which PostgreSQL gives up. */
async function useUpLog(admin: pg.Client): Promise<void> {
  for (;;) await admin.query(`select pg_logical_emit_message(false, 'test', 'full'), pg_switch_wal()`);
}

async function openLedger(server: PostgresServer): Promise<string> {
  const passwords = { ownerPassword: 'test', appPassword: 'test' };
  const prepared = await prepareDatabase({ adminUrl: server.url, name: 'ledger', ...passwords });
  await migrate({ ...prepared, migrations: { '0001-ledger': ledgerMigration } });
  const database = createDatabase<LedgerTables>({ url: prepared.appUrl });
  await openBook(database.db, { book: BOOK, currency: 'CNY', maxAmount: 1_000n });
  await database.destroy();
  return prepared.appUrl;
}

test('the disk is full and PostgreSQL gives up: every gift is counted once when there is room again', async ({
  skip,
}) => {
  await using disk = await mountSmallDisk(DISK_MIB);
  if (disk === undefined) return skip('this machine does not let us mount');
  await using cleanup = new AsyncDisposableStack();
  const options = {
    dataDir: join(disk.folder, 'data'),
    settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
  };
  let server = await startPostgres(options);
  cleanup.defer(async () => server.stop());
  const url = await openLedger(server);
  const admin = new pg.Client({ connectionString: server.url });
  admin.on('error', () => undefined);
  await admin.connect();
  const failed = Promise.withResolvers<void>();
  const committer = createCommitter({
    url,
    maxPauseMs: 20,
    maxAttempts: 10_000,
    deadlineMs: 50_000,
    onFault: () => failed.resolve(),
  });
  cleanup.defer(async () => committer.drain({ timeoutMs: 0 }));
  const before = await committer.post(gift(BOOK));

  await disk.fill();
  await expect(useUpLog(admin)).rejects.toThrow(/No space left|terminat/i);
  const gifts = Array.from({ length: 50 }, () => gift(BOOK));
  const posted = Promise.all(gifts.map(async (each) => committer.post(each)));
  await failed.promise;
  await disk.clear();
  // It recovers by itself, or ended when it could not for want of room, and is started again.
  const hasEnded = await Promise.race([posted.then(() => false), server.exited.then(() => true)]);
  if (hasEnded) server = await startPostgres({ ...options, port: server.port });
  const results: PostResult[] = await posted;

  expect(new Set(results.map((each) => each.outcome))).toEqual(new Set(['POSTED']));
  const database = createDatabase<LedgerTables>({ url });
  cleanup.defer(async () => database.destroy());
  const facts = await database.db.selectFrom('ledger.transfers').select('id').execute();
  const counted = [before, ...results].map(({ transfer }) => transfer?.id ?? '');
  expect(facts.map(({ id }) => id).toSorted()).toEqual(counted.toSorted());
  expect(await audit(database.db)).toEqual([]);
}, 60_000);

test.each([
  ['a full disk', '53100'],
  ['a disk that fails', '58030'],
])(
  '%s (%s) may be the word of a server that gave up in mid-commit: the outcome is unknown',
  async (_, state) => {
    const ledger = await startLedger();
    onTestFinished(() => ledger.stop());
    await ledger.installHook(`begin raise exception 'no more' using errcode = '${state}'; end`);
    const committer = ledger.committer({ maxAttempts: 2 });
    await expect(committer.post(gift(await ledger.newBook()))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
  },
);
