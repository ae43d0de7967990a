import { inputFingerprint, refuse } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { keepResult, takeKey } from '../db/idempotency-keys.ts';

/**
 * Does something once for a person's key and gives the id of its result; a repeated request gets the first one's. A
 * refusal rolls the key back with everything else, so the same key may be tried again.
 */
export async function onceByKey(
  trx: Transaction<Database>,
  request: { authorId: string; key: string; action: string; input: Readonly<Record<string, unknown>> },
  work: () => Promise<string>,
): Promise<string> {
  const { authorId, key, action, input } = request;
  const row = {
    author_id: authorId,
    key,
    input_fingerprint: inputFingerprint({ action, input }),
  };
  const before = await takeKey(trx, row);
  if (before === undefined) {
    const resultId = await work();
    await keepResult(trx, row, resultId);
    return resultId;
  }
  if (before.input_fingerprint !== row.input_fingerprint || before.result_id === null) {
    throw refuse(
      'IDEMPOTENCY_KEY_REUSED',
      {
        en: 'This key was used for another request. Take a new one.',
        zh: '该幂等键已用于其他请求，请换一个新的。',
      },
      ['input', 'idempotencyKey'],
    );
  }
  return before.result_id;
}
