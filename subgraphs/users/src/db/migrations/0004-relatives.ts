import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** Kinship: asked by one, confirmed by the other. Who is asked may not be known yet, only by phone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table relatives (
      id text primary key,
      asker_id text not null references people,
      asked_phone_fingerprint text not null,
      asked_id text references people,
      relation text not null,
      state text not null,
      by_document boolean not null default false,
      created_at timestamptz not null default clock_timestamp(),
      verified_at timestamptz,
      constraint relatives_other check (asker_id <> asked_id)
    )`.execute(db);
  await sql`
    create unique index relatives_asked_once on relatives (asker_id, asked_phone_fingerprint)
    where state <> 'REVOKED'`.execute(db);
  await sql`
    create unique index relatives_verified_once on relatives (least(asker_id, asked_id), greatest(asker_id, asked_id))
    where state = 'VERIFIED'`.execute(db);
  await sql`create index relatives_of_asker on relatives (asker_id, created_at desc, id desc)`.execute(db);
  await sql`create index relatives_of_asked on relatives (asked_id, created_at desc, id desc)`.execute(db);
  await sql`
    create index relatives_waiting on relatives (asked_phone_fingerprint) where asked_id is null`.execute(db);
  await grantReadWrite(db, 'relatives');
}
