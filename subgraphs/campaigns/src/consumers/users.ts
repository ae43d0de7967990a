import type { EventHandler } from '@banyan/kit/events';
import { organisationKinds, relations } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { saveOrganisation, setMember } from '../db/organisations.ts';
import { deleteKinship, saveRelative } from '../db/relatives.ts';

const pair = z.object({ personId: z.string(), relativeId: z.string() });
const confirmed = pair.extend({ relation: z.enum(relations) });
const verified = z.object({
  organisationId: z.string(),
  kinds: z.array(z.enum(organisationKinds)),
  licence: z.object({ number: z.string(), validFrom: z.iso.date(), validTo: z.iso.date() }).nullable(),
});
const member = z.object({ organisationId: z.string(), userId: z.string(), role: z.string().nullable() });

/** What this subgraph keeps of people: who is related, which charities have a licence, and who acts for them. */
export const usersHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  async 'relatives.confirmed'(trx, { payload }) {
    const { personId, relativeId, relation } = confirmed.parse(payload);
    await saveRelative(trx, { person_id: personId, relative_id: relativeId, relation });
  },
  async 'relatives.revoked'(trx, { payload }) {
    const { personId, relativeId } = pair.parse(payload);
    await deleteKinship(trx, personId, relativeId);
  },
  async 'organisation.verified'(trx, { payload }) {
    const { organisationId, kinds, licence } = verified.parse(payload);
    await saveOrganisation(trx, {
      id: organisationId,
      kinds,
      licence_number: licence?.number ?? null,
      licence_from: licence?.validFrom ?? null,
      licence_to: licence?.validTo ?? null,
    });
  },
  async 'organisation.member_set'(trx, { payload }) {
    const { organisationId, userId, role } = member.parse(payload);
    await setMember(trx, organisationId, userId, role);
  },
};
