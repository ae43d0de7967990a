import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { recordAudit } from '../db/audit-entries.ts';
import { findPeople, findPersonByPhone, type PersonRow } from '../db/people.ts';
import { phoneNumber } from './phone.ts';
import { tooOften } from './refusals.ts';

/** Why staff look: a sentence, not a letter. */
export const staffReason = writtenText(500).pipe(
  z.string().min(5, 'Say why, in a few words. | 请写明原因。'),
);

const inputShape = z
  .object({
    phone: phoneNumber.nullish(),
    id: typeId('usr').nullish(),
    reason: staffReason,
  })
  .refine(({ phone, id }) => (phone == null) !== (id == null), {
    message: 'Give a phone or an id. | 请提供手机号或编号之一。',
    path: ['phone'],
  });

/**
 * Customer service looks at a person, by phone or id. Each look leaves an audit row before anything is seen; one at nobody
 * does too, for who tries phones does not find owners first.
 */
export async function lookAtPerson(
  { db, cipher, limits }: Services,
  staffId: string,
  input: unknown,
): Promise<PersonRow | null> {
  const { phone, id, reason } = parseInput(inputShape, input);
  const { allowed, retryAfterSeconds } = await limits.looks.attempt(staffId);
  if (!allowed) throw tooOften(retryAfterSeconds);
  return inTransaction(db, async (trx) => {
    const person =
      phone == null
        ? (await findPeople(trx, [id ?? '']))[0]
        : await findPersonByPhone(trx, cipher.fingerprint('phone', phone));
    await recordAudit(trx, {
      actor_id: staffId,
      action: 'LOOK_AT_PERSON',
      subject: person?.id ?? 'nobody',
      reason,
    });
    return person ?? null;
  });
}
