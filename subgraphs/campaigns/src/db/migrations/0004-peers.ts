import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What the users subgraph has told: kinship, organisations, who belongs to them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table relatives (
      person_id text not null,
      relative_id text not null,
      relation text not null,
      primary key (person_id, relative_id)
    )`.execute(db);
  await sql`
    create table organisations (
      id text primary key,
      kinds text[] not null,
      licence_number text,
      licence_from date,
      licence_to date
    )`.execute(db);
  await sql`
    create table organisation_members (
      organisation_id text not null,
      user_id text not null,
      role text not null,
      primary key (organisation_id, user_id)
    )`.execute(db);
  for (const table of ['relatives', 'organisations', 'organisation_members']) await grantReadWrite(db, table);
}
