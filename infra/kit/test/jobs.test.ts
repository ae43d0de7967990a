import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, inTransaction, migrate } from '../src/database/database.ts';
import type { Database, Migrations } from '../src/database/database.ts';
import { addJob, createJobs, jobsMigration } from '../src/jobs/jobs.ts';
import type { JobTask } from '../src/jobs/jobs.ts';
import { createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

const migrations: Migrations = { '0001-jobs': jobsMigration };
const log = pino({ level: 'silent' });

let testDatabase: TestDatabase;
let database: Database<unknown>;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ name: 'kit', migrations });
  database = createDatabase({ url: testDatabase.url });
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

function recorder(): { seen: unknown[]; task: JobTask } {
  const seen: unknown[] = [];
  return { seen, task: async (payload) => void seen.push(payload) };
}

const ids = (seen: readonly unknown[]) => seen.map((each) => (each as { id: number }).id);

test('a job runs once after its commit, and never without one', async () => {
  const { seen, task } = recorder();
  const jobs = createJobs({ url: testDatabase.url, tasks: { first: task }, log });
  const undone = inTransaction(database.db, async (trx) => {
    await addJob(trx, 'first', { id: 1 });
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  await inTransaction(database.db, async (trx) => addJob(trx, 'first', { id: 2 }));
  await jobs.drain();
  await jobs.drain();
  expect(seen).toEqual([{ id: 2 }]);
});

test('a started worker is woken by a new job, and stops without losing one', async () => {
  const { seen, task } = recorder();
  const options = { url: testDatabase.url, tasks: { woken: task }, log, pollIntervalMs: 60_000 };
  const jobs = createJobs({ ...options, crontab: '0 3 * * * woken ?id=nightly' });
  jobs.start();
  await inTransaction(database.db, async (trx) => addJob(trx, 'woken', { id: 1 }));
  await expect.poll(() => ids(seen), { timeout: 10_000 }).toEqual([1]);
  await inTransaction(database.db, async (trx) => addJob(trx, 'woken', { id: 2 }));
  await expect.poll(() => ids(seen), { timeout: 10_000 }).toEqual([1, 2]);
  await jobs.stop();
  await inTransaction(database.db, async (trx) => addJob(trx, 'woken', { id: 3 }));
  await createJobs(options).drain();
  expect(ids(seen)).toEqual([1, 2, 3]);
});

test('a job that fails is kept and tried again later', async () => {
  const jobs = createJobs({
    url: testDatabase.url,
    tasks: {
      failing: async () => {
        throw new Error('not today');
      },
    },
    log,
  });
  await inTransaction(database.db, async (trx) => addJob(trx, 'failing', { id: 1 }, { maxAttempts: 3 }));
  await jobs.drain();
  const { rows } = await sql`
    select attempts, max_attempts, last_error, run_at > now() as later from graphile_worker.jobs
    where task_identifier = 'failing'`.execute(database.db);
  expect(rows).toEqual([
    { attempts: 1, max_attempts: 3, last_error: expect.any(String) as unknown, later: true },
  ]);
});

test('a key keeps one waiting job, the latest, and a job waits for its time', async () => {
  const { seen, task } = recorder();
  const jobs = createJobs({ url: testDatabase.url, tasks: { keyed: task }, log });
  await inTransaction(database.db, async (trx) => {
    await addJob(trx, 'keyed', { id: 1 }, { key: 'k', queue: 'q' });
    await addJob(trx, 'keyed', { id: 2 }, { key: 'k', queue: 'q' });
    await addJob(trx, 'keyed', { id: 3 }, { runAt: new Date(Date.now() + 3_600_000) });
  });
  await jobs.drain();
  expect(ids(seen)).toEqual([2]);
});

test('the service changes nothing in the schema of the jobs, and the migration bears repetition', async () => {
  await expect(sql`create table graphile_worker.x ()`.execute(database.db)).rejects.toThrow(
    /permission denied/,
  );
  const { ownerUrl, appRole } = testDatabase;
  await migrate({ ownerUrl, appRole, migrations: { ...migrations, '0002-jobs-again': jobsMigration } });
});

test('a crontab that cannot be read is refused at once', () => {
  expect(() => createJobs({ url: testDatabase.url, tasks: {}, crontab: '99 * * * * x', log })).toThrow(
    /crontab/i,
  );
});
