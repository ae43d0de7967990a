import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Stations that courses has told of. */
export interface KnownStationsTable {
  id: string;
  instructor_user_id: string;
}
export type KnownStationRow = Selectable<KnownStationsTable>;

/** A station belongs to one circle at most. */
export interface StationLinksTable {
  station_id: string;
  circle_id: string;
  since: ColumnType<Date, Date | undefined, Date>;
}
export type StationLinkRow = Selectable<StationLinksTable>;

export function findKnownStation(db: Kysely<Database>, id: string): Promise<KnownStationRow | undefined> {
  return db.selectFrom('known_stations').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function saveKnownStation(trx: Transaction<Database>, station: KnownStationRow): Promise<void> {
  await trx
    .insertInto('known_stations')
    .values(station)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ instructor_user_id: station.instructor_user_id }),
    )
    .execute();
}

export function findLinksOfCircles(
  db: Kysely<Database>,
  circleIds: readonly string[],
): Promise<StationLinkRow[]> {
  return db
    .selectFrom('station_links')
    .selectAll()
    .where('circle_id', 'in', circleIds)
    .orderBy('since')
    .orderBy('station_id')
    .execute();
}

export function findLinksOfStations(
  db: Kysely<Database>,
  stationIds: readonly string[],
): Promise<StationLinkRow[]> {
  return db.selectFrom('station_links').selectAll().where('station_id', 'in', stationIds).execute();
}

/** Links the station to the circle and to no other. */
export async function saveStationLink(
  trx: Transaction<Database>,
  link: Pick<StationLinkRow, 'station_id' | 'circle_id'>,
): Promise<void> {
  await trx
    .insertInto('station_links')
    .values(link)
    .onConflict((conflict) =>
      conflict
        .column('station_id')
        .doUpdateSet({ circle_id: link.circle_id, since: new Date() })
        .where('station_links.circle_id', '<>', link.circle_id),
    )
    .execute();
}

export async function deleteStationLink(
  trx: Transaction<Database>,
  link: Pick<StationLinkRow, 'station_id' | 'circle_id'>,
): Promise<void> {
  await trx
    .deleteFrom('station_links')
    .where('station_id', '=', link.station_id)
    .where('circle_id', '=', link.circle_id)
    .execute();
}

export async function countStationLinks(trx: Transaction<Database>, circleId: string): Promise<bigint> {
  const { links } = await trx
    .selectFrom('station_links')
    .select((select) => select.fn.countAll<bigint>().as('links'))
    .where('circle_id', '=', circleId)
    .executeTakeFirstOrThrow();
  return links;
}
