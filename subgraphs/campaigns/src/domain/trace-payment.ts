import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { insertAudit } from '../db/audit-log.ts';
import { findDonationByReference, type DonationRow } from '../db/donations.ts';

const inputShape = z.object({ reference: writtenText(100), reason: writtenText(500) });

/** Finds a gift by any reference of its payment. Who looked, for what and why is on record, whether it was found or not. */
export async function tracePayment(
  { db }: Services,
  actorId: string,
  input: { reference: string; reason: string },
): Promise<DonationRow | null> {
  const { reference, reason } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const entry = {
      id: newId('aud'),
      actor_id: actorId,
      action: 'TRACE_PAYMENT',
      subject: reference,
      reason,
    };
    await insertAudit(trx, entry);
    return (await findDonationByReference(trx, reference)) ?? null;
  });
}
