import type { EventHandler } from '@banyan/kit/events';
import { organisationKinds, realNameLevels, trustBands } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import {
  deleteOrganisationMember,
  saveKnownOrganisation,
  saveOrganisationMember,
} from '../db/known-organisations.ts';
import { saveKnownPerson } from '../db/known-people.ts';

const personVerified = z.object({ userId: z.string(), realNameLevel: z.enum(realNameLevels) });
const trustChanged = z.object({ userId: z.string(), band: z.enum(trustBands) });
const organisationVerified = z.object({
  organisationId: z.string(),
  kinds: z.array(z.enum(organisationKinds)),
  licence: z.object({ validFrom: z.string().nullable(), validTo: z.string().nullable() }).nullable(),
});
const memberSet = z.object({ organisationId: z.string(), userId: z.string(), role: z.string().nullable() });

/** What users tells that a circle's requirements and operators rest on. */
export const usersHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'person.verified': async (trx, { payload }) => {
    const { userId, realNameLevel } = personVerified.parse(payload);
    await saveKnownPerson(trx, userId, { real_name_level: realNameLevel });
  },
  'trust.changed': async (trx, { payload }) => {
    const { userId, band } = trustChanged.parse(payload);
    await saveKnownPerson(trx, userId, { trust_band: band });
  },
  'organisation.verified': async (trx, { payload }) => {
    const { organisationId, kinds, licence } = organisationVerified.parse(payload);
    await saveKnownOrganisation(trx, {
      id: organisationId,
      kinds,
      licence_valid_from: licence?.validFrom ?? null,
      licence_valid_to: licence?.validTo ?? null,
    });
  },
  'organisation.member_set': async (trx, { payload }) => {
    const { organisationId, userId, role } = memberSet.parse(payload);
    const member = { organisation_id: organisationId, user_id: userId };
    if (role === null) await deleteOrganisationMember(trx, member);
    else await saveOrganisationMember(trx, { ...member, role });
  },
};
