import { sql, type Kysely } from 'kysely';
import { grantReadWrite } from '../database/migrate.ts';
import type { Migration } from '../database/migrate.ts';

/** What an answer depends on: an object by its type and key, or all objects of a type. */
export function dependency(type: string, key: string): string {
  return `${type}:${key}`;
}

/** Stands for all objects of a type. */
export const anyKey = '*';

/** How long a change is told, in hours: who has not heard for that long begins anew. */
const keptHours = 24;

async function up(db: Kysely<unknown>): Promise<void> {
  // The columns of the outbox, so that both are read as feeds. `type` and `subject` name the object; nothing else is said.
  await sql`
    create table changes (
      position bigint generated always as identity,
      xid xid8 not null default pg_current_xact_id(),
      id text not null default gen_random_uuid()::text,
      type text not null,
      subject text not null,
      payload jsonb not null default '{}',
      occurred_at timestamptz not null default clock_timestamp(),
      primary key (xid, position),
      unique (xid, type, subject)
    )`.execute(db);
  await sql`create index changes_age on changes (occurred_at)`.execute(db);
  await grantReadWrite(db, 'changes');
  // An update may move a row from one object to another, such as a post to another circle: both look different then.
  // Several changes of one object in one transaction are told once.
  await sql`
    create function announce_change() returns trigger language plpgsql as $$
    declare
      type_name constant text := tg_argv[0];
      key_column constant text := tg_argv[1];
    begin
      if tg_op = 'UPDATE' and old is not distinct from new then
        return null;
      end if;
      insert into changes (type, subject)
        select type_name, keys.key
        from (
          select to_jsonb(old) ->> key_column as key where tg_op <> 'INSERT'
          union
          select to_jsonb(new) ->> key_column where tg_op <> 'DELETE'
        ) as keys
        where keys.key is not null
        on conflict do nothing;
      return null;
    end $$`.execute(db);
}

/** Lets a service announce changes of rows; goes before the first use of `announceChanges`. */
export const changesMigration: Migration = { up };

/** Forgets the changes that everybody has heard of by now. */
export async function forgetChanges<Tables>(db: Kysely<Tables>): Promise<void> {
  await sql`delete from changes where occurred_at < now() - make_interval(hours => ${keptHours})`.execute(db);
}

/** Rows by which an object of the graph is seen to change. */
export interface AnnouncedRows {
  /** The object's type in the graph. */
  readonly type: string;
  readonly table: string;
  /** The column that holds the object's key. */
  readonly key: string;
  /** Updates of other columns are no news. Default: all. */
  readonly columns?: readonly string[];
}

/**
 * In a migration: whoever adds, changes or deletes one of the rows says so in `changes`, in the same transaction. It is
 * a trigger and not a line in each action, so that no action can forget it.
 */
export async function announceChanges(db: Kysely<unknown>, rows: AnnouncedRows): Promise<void> {
  const { table, type, key, columns } = rows;
  const name = `announce_${type.toLowerCase()}_by_${key}`;
  const updates =
    columns === undefined
      ? sql`update`
      : sql`update of ${sql.join(columns.map((column) => sql.ref(column)))}`;
  await sql`
    create trigger ${sql.id(name)}
    after insert or delete or ${updates} on ${sql.table(table)}
    for each row execute function announce_change(${sql.lit(type)}, ${sql.lit(key)})`.execute(db);
}
