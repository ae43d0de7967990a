import { sql, type Kysely, type Transaction } from 'kysely';
import { heatFormula, heatHour, type HeatKind } from '../domain/heat-formula.ts';
import type { Database } from './database.ts';

/** What a person did for a topic in an hour, at its weightiest. */
export interface HeatMarksTable {
  topic_id: string;
  user_id: string;
  hour: Date;
  kind: HeatKind;
  weight: number;
  /** The post that it was done by, or to. */
  post_id: string;
  at: Date;
}

/** One row: the last time that heat was reckoned. */
export interface HeatRunsTable {
  id: number;
  version: bigint;
  as_of: Date;
}

/** An action of a person upon the topics of a post. */
export interface HeatAction {
  /** The post whose topics get warmer. */
  topicsOf: string;
  userId: string;
  kind: HeatKind;
  /** The post that goes when the action is to be forgotten: the comment itself, else as `topicsOf`. */
  postId: string;
  at: Date;
}

/** Marks an action; a weightier one of the same hour stands for it. */
export async function markHeat(trx: Transaction<Database>, action: HeatAction): Promise<void> {
  await sql`
    insert into heat_marks (topic_id, user_id, hour, kind, weight, post_id, at)
    select topic_id, ${action.userId}, ${heatHour(action.at)}, ${action.kind},
      ${heatFormula.weights[action.kind]}::integer, ${action.postId}, ${action.at}
    from post_topics where post_id = ${action.topicsOf}
    order by topic_id
    on conflict (topic_id, user_id, hour) do update
      set kind = excluded.kind, weight = excluded.weight, post_id = excluded.post_id, at = excluded.at
      where excluded.weight > heat_marks.weight`.execute(trx);
}

/** What was done by a post that is hidden counts no more. */
export async function forgetHeat(trx: Transaction<Database>, postId: string): Promise<void> {
  await trx.deleteFrom('heat_marks').where('post_id', '=', postId).execute();
}

/**
 * Reckons heat, peaks and ranks of all topics as of a minute, in one statement: topics with marks in the window, and
 * those that have cooled down. Gives the new version, or null when another process has done it for this minute.
 */
export async function reckonHeat(trx: Transaction<Database>, asOf: Date): Promise<bigint | null> {
  const run = await trx
    .updateTable('heat_runs')
    .set((update) => ({ version: update('version', '+', 1n), as_of: asOf }))
    .where('as_of', '<', asOf)
    .returning('version')
    .executeTakeFirst();
  if (run === undefined) return null;
  await writeHeat(trx, asOf);
  await trx
    .deleteFrom('heat_marks')
    .where('at', '<', new Date(asOf.getTime() - heatFormula.windowHours * 3_600_000))
    .execute();
  return run.version;
}

async function writeHeat(trx: Transaction<Database>, asOf: Date): Promise<void> {
  const { halfLifeHours, windowHours, ranked } = heatFormula;
  const part = (kind: HeatKind) => sql`coalesce(sum(decayed) filter (where kind = ${kind}), 0)`;
  await sql`
    with decayed as (
      select topic_id, kind,
        weight * power(2::double precision,
          -extract(epoch from ${asOf}::timestamptz - at)::double precision / ${halfLifeHours * 3_600}) as decayed
      from heat_marks
      where at <= ${asOf} and at > ${asOf}::timestamptz - make_interval(hours => ${windowHours})
    ), parts as (
      select topic_id, ${part('POST')} as post, ${part('COMMENT')} as comment, ${part('PRAISE')} as praise
      from decayed group by topic_id
    ), warm as (
      select topics.id, topics.name, coalesce(post, 0) as post, coalesce(comment, 0) as comment,
        coalesce(praise, 0) as praise,
        round(coalesce(post + comment + praise, 0))::bigint as heat
      from topics left join parts on parts.topic_id = topics.id
      where parts.topic_id is not null or topics.heat > 0
    ), placed as (
      select *, row_number() over (order by heat desc, name) as place from warm
    )
    update topics set heat = placed.heat, post_heat = placed.post, comment_heat = placed.comment,
      praise_heat = placed.praise, peak_heat = greatest(topics.peak_heat, placed.heat),
      rank = case when place <= ${ranked} and placed.heat > 0 then place::integer end
    from placed where topics.id = placed.id`.execute(trx);
}

export async function findHeatRun(db: Kysely<Database>): Promise<{ version: bigint; as_of: Date }> {
  return db.selectFrom('heat_runs').select(['version', 'as_of']).executeTakeFirstOrThrow();
}
