import { keysetPagePerParent, type Page } from '@banyan/kit/database';
import {
  sql,
  type Generated,
  type GeneratedAlways,
  type Insertable,
  type Kysely,
  type Selectable,
  type Transaction,
  type Updateable,
} from 'kysely';
import type { Database } from './database.ts';

export const micStates = ['WAITING', 'ON_AIR', 'DONE', 'LEFT', 'SKIPPED'] as const;
export type MicState = (typeof micStates)[number];

/** One raised hand and what became of it. */
export interface MicEntriesTable {
  id: string;
  session_id: string;
  user_id: string;
  ordinal: GeneratedAlways<bigint>;
  /** Had not spoken in this session when the hand went up. */
  first_time: boolean;
  state: Generated<MicState>;
  raised_at: Date;
  on_air_at: Generated<Date | null>;
  turn_ends_at: Generated<Date | null>;
  ended_at: Generated<Date | null>;
  queue_rank: GeneratedAlways<number>;
}
export type MicEntryRow = Selectable<MicEntriesTable>;

/** Ranks below this are in the queue or speak. */
const firstRankOutside = 3;
/** Turns that the average is taken over. */
const averageOverTurns = 20;

export function findMicEntries(db: Kysely<Database>, ids: readonly string[]): Promise<MicEntryRow[]> {
  return db.selectFrom('mic_entries').selectAll().where('id', 'in', ids).execute();
}

export function findMicQueues(
  db: Kysely<Database>,
  requests: readonly { parent: string; first: number; after?: string | null | undefined }[],
): Promise<Page<MicEntryRow>[]> {
  return keysetPagePerParent(
    db,
    db.selectFrom('mic_entries').selectAll('mic_entries').where('queue_rank', '<', firstRankOutside),
    {
      parentColumn: 'mic_entries.session_id',
      requests,
      orderBy: [
        { column: 'mic_entries.queue_rank', direction: 'asc' },
        { column: 'mic_entries.ordinal', direction: 'asc' },
      ],
    },
  );
}

export function countMicQueues(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<{ parent: string; total: bigint }[]> {
  return db
    .selectFrom('mic_entries')
    .where('session_id', 'in', sessionIds)
    .where('queue_rank', '<', firstRankOutside)
    .groupBy('session_id')
    .select(({ fn }) => ['session_id as parent', fn.countAll<bigint>().as('total')])
    .execute();
}

/** How many wait in each queue, beside who speaks. */
export function countWaiting(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<{ parent: string; total: bigint }[]> {
  return db
    .selectFrom('mic_entries')
    .where('session_id', 'in', sessionIds)
    .where('state', '=', 'WAITING')
    .groupBy('session_id')
    .select(({ fn }) => ['session_id as parent', fn.countAll<bigint>().as('total')])
    .execute();
}

/** The entry of each queue that changed last; of those that changed together, the one that comes first in the queue. */
export function findLastMicChanges(
  db: Kysely<Database>,
  sessionIds: readonly string[],
): Promise<MicEntryRow[]> {
  return db
    .selectFrom('mic_entries')
    .selectAll()
    .distinctOn('session_id')
    .where('session_id', 'in', sessionIds)
    .orderBy('session_id')
    .orderBy(sql`greatest(raised_at, on_air_at, ended_at)`, 'desc')
    .orderBy('queue_rank')
    .orderBy('ordinal')
    .execute();
}

/** An entry in the queue and what its waiting time is reckoned from. */
export type PlacedEntry = MicEntryRow & {
  /** Who waits, up to and with this one. */
  waiting: bigint;
  /** When the turn of who speaks now ends. */
  air_turn_ends_at: Date | null;
  /** Seconds that the last turns took; null when there was none. */
  average_turn_seconds: number | null;
};

/** The places of one person in the queues of sessions. */
export function findMicPlaces(
  db: Kysely<Database>,
  userId: string,
  sessionIds: readonly string[],
): Promise<PlacedEntry[]> {
  return db
    .selectFrom('mic_entries as own')
    .where('own.user_id', '=', userId)
    .where('own.session_id', 'in', sessionIds)
    .where('own.state', 'in', ['WAITING', 'ON_AIR'])
    .selectAll('own')
    .select([
      sql<bigint>`(select count(*) from mic_entries other where other.session_id = own.session_id
        and other.state = 'WAITING'
        and (other.queue_rank, other.ordinal) <= (own.queue_rank, own.ordinal))`.as('waiting'),
      sql<Date | null>`(select air.turn_ends_at from mic_entries air where air.session_id = own.session_id
        and air.state = 'ON_AIR')`.as('air_turn_ends_at'),
      sql<number | null>`(select avg(extract(epoch from turn.ended_at - turn.on_air_at))::double precision
        from (select ended_at, on_air_at from mic_entries done where done.session_id = own.session_id
          and done.state = 'DONE' order by done.ended_at desc limit ${sql.lit(averageOverTurns)}) turn)`.as(
        'average_turn_seconds',
      ),
    ])
    .execute();
}

/** The hand that a person has up in a session, or the turn that the person has. */
export function findActiveEntry(
  trx: Transaction<Database>,
  sessionId: string,
  userId: string,
): Promise<MicEntryRow | undefined> {
  return trx
    .selectFrom('mic_entries')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('state', 'in', ['WAITING', 'ON_AIR'])
    .executeTakeFirst();
}

export async function hasSpoken(
  trx: Transaction<Database>,
  sessionId: string,
  userId: string,
): Promise<boolean> {
  const spoken = await trx
    .selectFrom('mic_entries')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('state', '=', 'DONE')
    .limit(1)
    .executeTakeFirst();
  return spoken !== undefined;
}

/** Everybody who waits or speaks. */
export function findAllActive(trx: Transaction<Database>, sessionId: string): Promise<MicEntryRow[]> {
  return trx
    .selectFrom('mic_entries')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('state', 'in', ['WAITING', 'ON_AIR'])
    .execute();
}

export function findSpeaker(trx: Transaction<Database>, sessionId: string): Promise<MicEntryRow | undefined> {
  return trx
    .selectFrom('mic_entries')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('state', '=', 'ON_AIR')
    .executeTakeFirst();
}

export async function insertMicEntry(
  trx: Transaction<Database>,
  entry: Insertable<MicEntriesTable>,
): Promise<void> {
  await trx.insertInto('mic_entries').values(entry).execute();
}

export async function updateMicEntries(
  trx: Transaction<Database>,
  ids: readonly string[],
  change: Updateable<MicEntriesTable>,
): Promise<void> {
  await trx.updateTable('mic_entries').set(change).where('id', 'in', ids).execute();
}
