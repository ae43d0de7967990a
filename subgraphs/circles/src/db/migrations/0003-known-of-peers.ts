import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What other subgraphs have told, as far as a circle's rules need it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table known_people (
      id text primary key,
      real_name_level text not null,
      trust_band text not null
    )`.execute(db);
  await sql`
    create table known_organisations (
      id text primary key,
      kinds text[] not null,
      licence_valid_from date,
      licence_valid_to date
    )`.execute(db);
  await sql`
    create table known_organisation_members (
      organisation_id text not null,
      user_id text not null,
      role text not null,
      primary key (organisation_id, user_id)
    )`.execute(db);
  await sql`
    create table known_campaigns (
      id text primary key,
      status text not null
    )`.execute(db);
  await sql`
    create table known_stations (
      id text primary key,
      instructor_user_id text not null
    )`.execute(db);
  for (const table of [
    'known_people',
    'known_organisations',
    'known_organisation_members',
    'known_campaigns',
    'known_stations',
  ])
    await grantReadWrite(db, table);
}
