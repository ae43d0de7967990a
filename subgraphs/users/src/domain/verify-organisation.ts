import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { recordAudit } from '../db/audit-entries.ts';
import type { Database } from '../db/database.ts';
import { notify } from '../db/notifications.ts';
import { findOrganisationRole, findOwnersAndAdmins } from '../db/organisation-members.ts';
import { lockOrganisation, updateOrganisation, type OrganisationRow } from '../db/organisations.ts';
import { organisationVerified } from './organisation-events.ts';
import { noSuchOrganisation } from './refusals.ts';

const inputShape = z.object({
  organisationId: typeId('org'),
  approve: z.boolean(),
  licence: z
    .object({ number: writtenText(60), validFrom: z.iso.date(), validTo: z.iso.date() })
    .refine(({ validFrom, validTo }) => validFrom <= validTo, {
      message: 'It ends before it begins. | 有效期截止日早于起始日。',
      path: ['validTo'],
    })
    .nullish(),
  reason: writtenText(500),
});
type Input = z.infer<typeof inputShape>;

/**
 * A reviewer says that an organisation is what it says, with its licence where it is a charity that has one; or that it is
 * not, or no longer. Nobody decides about an organisation of which they are a member.
 */
export async function verifyOrganisation(
  { db, now }: Services,
  reviewerId: string,
  input: unknown,
): Promise<{ organisation: OrganisationRow }> {
  const decision = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const organisation = await lockOrganisation(trx, decision.organisationId);
    if (organisation === undefined) throw noSuchOrganisation();
    if ((await findOrganisationRole(trx, organisation.id, reviewerId)) !== null) throw ownOrganisation();
    assertLicenceFits(organisation, decision);

    const after = await decide(trx, organisation, decision, now());
    await recordAudit(trx, {
      actor_id: reviewerId,
      action: decision.approve ? 'VERIFY_ORGANISATION' : 'REFUSE_ORGANISATION',
      subject: organisation.id,
      reason: decision.reason,
    });
    await notify(trx, {
      personIds: await findOwnersAndAdmins(trx, organisation.id),
      kind: decision.approve ? 'ORGANISATION_VERIFIED' : 'ORGANISATION_REFUSED',
      params: { organisationId: organisation.id, reason: decision.reason },
      link: `/organisations/${organisation.id}`,
    });
    return { organisation: after };
  });
}

async function decide(
  trx: Transaction<Database>,
  before: OrganisationRow,
  { approve, licence }: Input,
  at: Date,
): Promise<OrganisationRow> {
  if (!approve && before.verified_at === null) return before;
  const after = await updateOrganisation(trx, before.id, {
    verified_at: approve ? (before.verified_at ?? at) : null,
    licence_number: (approve && licence?.number) || null,
    licence_from: (approve && licence?.validFrom) || null,
    licence_to: (approve && licence?.validTo) || null,
  });
  await appendEvents(trx, [organisationVerified(after)]);
  return after;
}

function assertLicenceFits(organisation: OrganisationRow, { approve, licence }: Input): void {
  if (licence == null || (approve && organisation.kinds.includes('CHARITY'))) return;
  throw refuse(
    'INVALID_INPUT',
    {
      en: 'A licence to raise from the public goes with the approval of a charity.',
      zh: '公开募捐资格只能在批准慈善组织时登记。',
    },
    ['input', 'licence'],
  );
}

function ownOrganisation() {
  return refuse(
    'FORBIDDEN',
    { en: 'Nobody decides about an organisation of their own.', zh: '不能审核自己所在的机构。' },
    ['input', 'organisationId'],
  );
}
