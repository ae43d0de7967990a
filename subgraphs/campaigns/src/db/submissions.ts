import type { Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Keys under which campaigns were submitted. */
export interface SubmissionsTable {
  submitter_id: string;
  key: string;
  input_hash: string;
  campaign_id: string;
}

/** Takes the key for a campaign; gives the submission that had it before, if any. Waits for one that is under way. */
export async function takeSubmissionKey(
  trx: Transaction<Database>,
  submission: Selectable<SubmissionsTable>,
): Promise<Selectable<SubmissionsTable> | null> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('submissions')
    .values(submission)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return null;
  return trx
    .selectFrom('submissions')
    .selectAll()
    .where('submitter_id', '=', submission.submitter_id)
    .where('key', '=', submission.key)
    .executeTakeFirstOrThrow();
}
