import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { idempotencyKey, inputFingerprint, newId, parseInput, writtenText } from '@banyan/kit/graphql';
import { organisationKinds } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findOrganisationByKey, insertOrganisation, type OrganisationRow } from '../db/organisations.ts';
import { saveMember } from '../db/organisation-members.ts';
import { memberSet } from './organisation-events.ts';
import { keyReused, tooOften } from './refusals.ts';

const inputShape = z.object({
  name: writtenText(100),
  kinds: z
    .array(z.enum(organisationKinds))
    .min(1, 'At least one kind. | 至少选择一种类型。')
    .max(organisationKinds.length)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'A kind is there twice. | 类型重复。'),
  idempotencyKey,
});

/**
 * Founds an organisation, which is only a name until a reviewer has verified it; the founder is its first owner. A
 * repeated key gives the organisation of the first time.
 */
export async function createOrganisation(
  { db, limits }: Services,
  personId: string,
  input: unknown,
): Promise<{ organisation: OrganisationRow }> {
  const { idempotencyKey: key, ...wanted } = parseInput(inputShape, input);
  const fingerprint = inputFingerprint(wanted);
  const known = await findOrganisationByKey(db, personId, key);
  if (known !== undefined) return { organisation: sameRequest(known, fingerprint) };
  const { allowed, retryAfterSeconds } = await limits.organisations.attempt(personId);
  if (!allowed) throw tooOften(retryAfterSeconds);

  return inTransaction(db, async (trx) => {
    const organisation = await insertOrganisation(trx, {
      id: newId('org'),
      ...wanted,
      licence_number: null,
      licence_from: null,
      licence_to: null,
      verified_at: null,
      founder_id: personId,
      idempotency_key: key,
      input_fingerprint: fingerprint,
    });
    if (organisation === undefined) {
      const first = await findOrganisationByKey(trx, personId, key);
      if (first === undefined) throw keyReused();
      return { organisation: sameRequest(first, fingerprint) };
    }
    await saveMember(trx, { organisation_id: organisation.id, person_id: personId, role: 'OWNER' });
    await appendEvents(trx, [memberSet(organisation.id, personId, 'OWNER')]);
    return { organisation };
  });
}

function sameRequest(organisation: OrganisationRow, fingerprint: string): OrganisationRow {
  if (organisation.input_fingerprint !== fingerprint) throw keyReused();
  return organisation;
}
