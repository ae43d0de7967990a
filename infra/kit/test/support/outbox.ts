import { sql, type Kysely, type Transaction } from 'kysely';
import {
  createDatabase,
  grantReadWrite,
  inTransaction,
  type Database,
  type Migrations,
} from '../../src/database/database.ts';
import { appendEvents, eventsMigration, type EventTables } from '../../src/events/events.ts';
import { createTestDatabase } from '../../src/testing/testing.ts';

export interface Tables extends EventTables {
  effect: { event_id: string; subject: string };
}

const migrations: Migrations = {
  '0001-events': eventsMigration,
  '0002-effect': {
    up: async (db) => {
      // No unique key: an event with two effects shall be seen.
      await sql`create table effect (event_id text not null, subject text not null)`.execute(db);
      await grantReadWrite(db, 'effect');
    },
  },
};

/** A producer's database, in which its consumers leave their effects too. */
export interface Outbox {
  readonly database: Database<Tables>;
  readonly db: Kysely<Tables>;
  /** An event about each subject, all in one transaction. */
  readonly happen: (...subjects: string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startOutbox(): Promise<Outbox> {
  const testDatabase = await createTestDatabase({ name: 'kit', migrations });
  const database = createDatabase<Tables>({ url: testDatabase.url });
  const { db } = database;
  return {
    database,
    db,
    happen: (...subjects) => inTransaction(db, async (trx) => tell(trx, ...subjects)),
    async stop() {
      await database.destroy();
      await testDatabase.drop();
    },
  };
}

/** Appends an event about each subject. */
export async function tell(trx: Transaction<Tables>, ...subjects: string[]): Promise<void> {
  await appendEvents(
    trx,
    subjects.map((subject) => ({ type: 'thing.happened', subject, payload: { amount: { minor: '1' } } })),
  );
}
