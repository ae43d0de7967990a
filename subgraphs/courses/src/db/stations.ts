import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Each instructor's community. */
export interface StationsTable {
  id: string;
  instructor_id: string;
  name: string;
  member_count: Generated<bigint>;
  /** Seconds between two posts of one member; 0: no limit. */
  slow_mode_seconds: Generated<number>;
  created_at: ColumnType<Date, Date | undefined, never>;
}

export interface StationMembersTable {
  station_id: string;
  user_id: string;
  joined_at: ColumnType<Date, Date | undefined, never>;
  last_posted_at: Generated<Date | null>;
}

export interface MutesTable {
  station_id: string;
  user_id: string;
  until: Date | null;
  reason: string;
  muted_by: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** A station, and the person whose it is. */
export type StationRow = Selectable<StationsTable> & { owner_id: string };

function stationQuery(db: Kysely<Database>) {
  return db
    .selectFrom('stations')
    .innerJoin('instructors', 'instructors.id', 'stations.instructor_id')
    .selectAll('stations')
    .select('instructors.user_id as owner_id');
}

export function findStations(db: Kysely<Database>, ids: readonly string[]): Promise<StationRow[]> {
  return stationQuery(db).where('stations.id', 'in', ids).execute();
}

export function findStationsOfInstructors(
  db: Kysely<Database>,
  instructorIds: readonly string[],
): Promise<StationRow[]> {
  return stationQuery(db).where('stations.instructor_id', 'in', instructorIds).execute();
}

export function findMembershipsOf(
  db: Kysely<Database>,
  userId: string,
  stationIds: readonly string[],
): Promise<{ station_id: string }[]> {
  return db
    .selectFrom('station_members')
    .select('station_id')
    .where('user_id', '=', userId)
    .where('station_id', 'in', stationIds)
    .execute();
}

/** The membership, locked, so that two posts of one member see each other. */
export function lockMembership(trx: Transaction<Database>, stationId: string, userId: string) {
  return trx
    .selectFrom('station_members')
    .selectAll()
    .where('station_id', '=', stationId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
}

export async function setLastPosted(
  trx: Transaction<Database>,
  stationId: string,
  userId: string,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('station_members')
    .set({ last_posted_at: at })
    .where('station_id', '=', stationId)
    .where('user_id', '=', userId)
    .execute();
}

/** True when the person was not a member before. */
export async function insertMember(
  trx: Transaction<Database>,
  member: Insertable<StationMembersTable>,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('station_members')
    .values(member)
    .onConflict((conflict) => conflict.columns(['station_id', 'user_id']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** True when the person was a member before. */
export async function deleteMember(
  trx: Transaction<Database>,
  stationId: string,
  userId: string,
): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('station_members')
    .where('station_id', '=', stationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

export async function addMembers(
  trx: Transaction<Database>,
  stationId: string,
  members: bigint,
): Promise<void> {
  await trx
    .updateTable('stations')
    .set((update) => ({ member_count: update('member_count', '+', members) }))
    .where('id', '=', stationId)
    .execute();
}

export async function setSlowModeSeconds(
  db: Kysely<Database>,
  stationId: string,
  seconds: number,
): Promise<void> {
  await db.updateTable('stations').set({ slow_mode_seconds: seconds }).where('id', '=', stationId).execute();
}

export async function putMute(db: Kysely<Database>, mute: Insertable<MutesTable>): Promise<void> {
  await db
    .insertInto('mutes')
    .values(mute)
    .onConflict((conflict) =>
      conflict.columns(['station_id', 'user_id']).doUpdateSet({
        until: mute.until,
        reason: mute.reason,
        muted_by: mute.muted_by,
      }),
    )
    .execute();
}

export async function isMuted(
  db: Kysely<Database>,
  stationId: string,
  userId: string,
  at: Date,
): Promise<boolean> {
  const mute = await db
    .selectFrom('mutes')
    .select('until')
    .where('station_id', '=', stationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return mute !== undefined && (mute.until === null || mute.until > at);
}
