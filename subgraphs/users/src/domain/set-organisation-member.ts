import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { notify } from '../db/notifications.ts';
import {
  countOtherOwners,
  deleteMember,
  findOrganisationRole,
  saveMember,
} from '../db/organisation-members.ts';
import { lockOrganisation, type OrganisationRow } from '../db/organisations.ts';
import { findPeople } from '../db/people.ts';
import { memberSet } from './organisation-events.ts';
import { noSuchOrganisation, noSuchPerson, tooOften } from './refusals.ts';
import { organisationRoles, type OrganisationRole } from './words.ts';

const inputShape = z.object({
  organisationId: typeId('org'),
  userId: typeId('usr'),
  role: z.enum(organisationRoles).nullish(),
});

/**
 * Gives a person a role in an organisation, another one, or none. Owners set everybody; administrators set members;
 * everybody may leave. An organisation keeps an owner, also when two go at once: it is locked meanwhile.
 */
export async function setOrganisationMember(
  { db, limits }: Services,
  actorId: string,
  input: unknown,
): Promise<{ organisation: OrganisationRow }> {
  const { organisationId, userId, role: wanted } = parseInput(inputShape, input);
  const role = wanted ?? null;
  const { allowed, retryAfterSeconds } = await limits.rolesGiven.attempt(actorId);
  if (!allowed) throw tooOften(retryAfterSeconds);
  return inTransaction(db, async (trx) => {
    const organisation = await lockOrganisation(trx, organisationId);
    if (organisation === undefined) throw noSuchOrganisation();
    const before = await findOrganisationRole(trx, organisationId, userId);
    const actor = await findOrganisationRole(trx, organisationId, actorId);
    assertMaySet(actor, { before, after: role, oneself: actorId === userId });
    if (before === role) return { organisation };
    if (before === 'OWNER') await assertOwnerRemains(trx, organisationId, userId);

    if (role === null) await deleteMember(trx, organisationId, userId);
    else {
      if ((await findPeople(trx, [userId])).length === 0) throw noSuchPerson('userId');
      await saveMember(trx, { organisation_id: organisationId, person_id: userId, role });
      if (actorId !== userId) {
        await notify(trx, {
          personIds: [userId],
          kind: 'ORGANISATION_MEMBER_SET',
          params: { organisationId, role },
          link: `/organisations/${organisationId}`,
        });
      }
    }
    await appendEvents(trx, [memberSet(organisationId, userId, role)]);
    return { organisation };
  });
}

function assertMaySet(
  actor: OrganisationRole | null,
  change: { before: OrganisationRole | null; after: OrganisationRole | null; oneself: boolean },
): void {
  const leaves = change.oneself && change.before !== null && change.after === null;
  const belowAdmin = (role: OrganisationRole | null) => role === null || role === 'MEMBER';
  const admins = actor === 'ADMIN' && belowAdmin(change.before) && belowAdmin(change.after);
  if (leaves || actor === 'OWNER' || admins) return;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'Your role in this organisation does not allow it.',
      zh: '您在该机构中的角色无权进行此操作。',
    },
    ['input', 'role'],
  );
}

async function assertOwnerRemains(
  trx: Transaction<Database>,
  organisationId: string,
  goingId: string,
): Promise<void> {
  if ((await countOtherOwners(trx, organisationId, goingId)) > 0n) return;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'An organisation keeps at least one owner. Name another first.',
      zh: '机构至少要有一位所有者，请先指定新的所有者。',
    },
    ['input', 'userId'],
  );
}
