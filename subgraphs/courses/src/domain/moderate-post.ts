import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, typeId, writtenText } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context, Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { forgetHeat } from '../db/heat.ts';
import { addComments, findPosts, insertReport, lockPost, markHidden, type PostRow } from '../db/posts.ts';
import { findStations } from '../db/stations.ts';
import { noPost, onlyInstructor } from './refusals.ts';

const hideShape = z.object({ postId: typeId('pst'), reason: writtenText(200) });
const reportShape = z.object({ postId: typeId('pst'), text: writtenText(1_000) });

/** Takes a post out of all lists; its words are gone, the reason is shown. */
export async function hidePost(
  context: Context,
  callerId: string,
  input: unknown,
): Promise<{ postId: string }> {
  const { postId, reason } = parseInput(hideShape, input);
  await inTransaction(context.db, async (trx) => {
    const found = await lockPost(trx, postId);
    if (found === undefined) throw noPost();
    if (!(await keeps(trx, context, callerId, found))) throw onlyInstructor();
    if (found.hidden_at !== null) return;
    await markHidden(trx, postId, {
      hidden_at: context.now(),
      hidden_by: callerId,
      hidden_reason: reason,
    });
    if (found.parent_id !== null) await addComments(trx, found.parent_id, -1n);
    await forgetHeat(trx, postId);
  });
  return { postId };
}

/** Whether the caller keeps order where the post stands: a moderator, or the station's instructor. */
async function keeps(
  trx: Transaction<Database>,
  context: Context,
  callerId: string,
  post: PostRow,
): Promise<boolean> {
  if (context.caller.roles.has('MODERATOR')) return true;
  if (post.station_id === null) return false;
  const [station] = await findStations(trx, [post.station_id]);
  return station?.owner_id === callerId;
}

/** Tells those who keep order of a post; one report of each person counts. */
export async function reportPost(
  { db }: Services,
  callerId: string,
  input: unknown,
): Promise<{ postId: string }> {
  const { postId, text } = parseInput(reportShape, input);
  const [post] = await findPosts(db, [postId]);
  if (post === undefined) throw noPost();
  await insertReport(db, { id: newId('rpt'), post_id: postId, reporter_id: callerId, body: text });
  return { postId };
}
