import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { recordAudit } from '../db/audit-entries.ts';
import type { Database } from '../db/database.ts';
import { findPeople } from '../db/people.ts';
import { findRealNames } from '../db/real-names.ts';
import { staffReason } from './look-at-person.ts';
import { noSuchPerson, tooOften } from './refusals.ts';

const revealableFields = ['phone', 'legalName', 'idNumber'] as const;
type RevealableField = (typeof revealableFields)[number];

const inputShape = z.object({
  subjectId: typeId('usr'),
  field: z.enum(revealableFields, 'One of phone, legalName, idNumber. | 仅限 phone、legalName、idNumber。'),
  reason: staffReason,
});

/** Gives one masked field of a person in the clear, for a stated reason. The audit row is committed before it is seen. */
export async function revealField(
  services: Services,
  staffId: string,
  input: unknown,
): Promise<{ clear: string }> {
  const { subjectId, field, reason } = parseInput(inputShape, input);
  const { db, limits, cipher } = services;
  const { allowed, retryAfterSeconds } = await limits.reveals.attempt(staffId);
  if (!allowed) throw tooOften(retryAfterSeconds);
  const encrypted = await inTransaction(db, async (trx) => {
    const value = await encryptedValue(trx, subjectId, field);
    await recordAudit(trx, {
      actor_id: staffId,
      action: `REVEAL_${field}`,
      subject: subjectId,
      reason,
    });
    return value;
  });
  return { clear: cipher.decrypt(encrypted) };
}

async function encryptedValue(
  trx: Transaction<Database>,
  personId: string,
  field: RevealableField,
): Promise<Buffer> {
  const [person] = await findPeople(trx, [personId]);
  if (person === undefined) throw noSuchPerson('subjectId');
  if (field === 'phone') return person.phone_encrypted;
  const [name] = await findRealNames(trx, [personId]);
  if (name === undefined) throw notVerified();
  switch (field) {
    case 'legalName':
      return name.legal_name_encrypted;
    case 'idNumber':
      return name.id_number_encrypted;
    default:
      return field satisfies never;
  }
}

function notVerified() {
  return refuse('NOT_FOUND', { en: 'This person has no verified name.', zh: '此人尚未完成实名认证。' }, [
    'input',
    'field',
  ]);
}
