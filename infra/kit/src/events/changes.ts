import { sql, type Kysely } from 'kysely';
import type { Migration } from '../database/migrate.ts';

/** Type of the event that says which object looks different now; its subject is the object's key. */
export const changedEvent = 'entity.changed';

/** What an answer depends on: an object by its type and key, or all objects of a type. */
export function dependency(type: string, key: string): string {
  return `${type}:${key}`;
}

/** Stands for all objects of a type. */
export const anyKey = '*';

async function up(db: Kysely<unknown>): Promise<void> {
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
      insert into outbox (id, type, subject, payload)
        select 'evt_' || replace(gen_random_uuid()::text, '-', ''), ${sql.lit(changedEvent)}, keys.key,
          jsonb_build_object('type', type_name)
        from (
          select to_jsonb(old) ->> key_column as key where tg_op <> 'INSERT'
          union
          select to_jsonb(new) ->> key_column where tg_op <> 'DELETE'
        ) as keys
        where keys.key is not null and not exists (
          select from outbox
          where xid = pg_current_xact_id() and type = ${sql.lit(changedEvent)} and subject = keys.key
            and payload ->> 'type' = type_name
        );
      return null;
    end $$`.execute(db);
}

/** Lets a service announce changes of rows; goes before the first use of `announceChanges`. */
export const changesMigration: Migration = { up };

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
 * In a migration: whoever adds, changes or deletes one of the rows says so in the outbox, in the same transaction. It is
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
