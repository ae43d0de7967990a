import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** The last code sent to a phone. */
export interface SignInCodesTable {
  phone_fingerprint: string;
  code_hash: string;
  expires_at: Date;
  attempts: number;
}
export type SignInCodeRow = Selectable<SignInCodesTable>;

export async function saveSignInCode(db: Kysely<Database>, code: SignInCodeRow): Promise<void> {
  await db
    .insertInto('sign_in_codes')
    .values(code)
    .onConflict((conflict) =>
      conflict.column('phone_fingerprint').doUpdateSet({
        code_hash: code.code_hash,
        expires_at: code.expires_at,
        attempts: code.attempts,
      }),
    )
    .execute();
}

/** Counts an attempt and gives the code: in a commit of its own, so that a wrong guess stays counted. */
export function takeAttempt(db: Kysely<Database>, fingerprint: string): Promise<SignInCodeRow | undefined> {
  return db
    .updateTable('sign_in_codes')
    .set((update) => ({ attempts: update('attempts', '+', 1) }))
    .where('phone_fingerprint', '=', fingerprint)
    .returningAll()
    .executeTakeFirst();
}

/** True for the one sign-in that uses the code up. */
export async function useSignInCode(trx: Transaction<Database>, code: SignInCodeRow): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('sign_in_codes')
    .where('phone_fingerprint', '=', code.phone_fingerprint)
    .where('code_hash', '=', code.code_hash)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}
