import { newId } from '@banyan/kit/graphql';
import { startUsers } from './support.ts';

export interface Organisation {
  id: string;
  name: string;
  verifiedAt: string | null;
  publicFundraisingLicence: unknown;
}
const selection =
  'organisation { id name kinds verifiedAt publicFundraisingLicence { number validFrom validTo } }';

/** The subgraph with a reviewer, and what happens to organisations: they are founded, verified, and have members. */
export async function startOrganisations() {
  const users = await startUsers();
  const reviewer = { ...(await users.person()), roles: ['REVIEWER'] };

  const create = (as: { id: string }, input: Record<string, unknown> = {}) =>
    users.act<{ organisation: Organisation | null }>(
      'createOrganisation',
      { name: 'Helping Hands', kinds: ['CHARITY'], idempotencyKey: newId('key'), ...input },
      as,
      selection,
    );
  const verify = (input: Record<string, unknown>, as: { id: string; roles: string[] } = reviewer) =>
    users.act<{ organisation: Organisation | null }>(
      'verifyOrganisation',
      { approve: true, reason: 'Papers seen.', ...input },
      as,
      selection,
    );

  return {
    ...users,
    reviewer,
    create,
    verify,
    /** Founds an organisation and gives its id. */
    found: async (as: { id: string }, input: Record<string, unknown> = {}) =>
      (await create(as, input)).organisation?.id ?? '',
    setMember: (as: { id: string }, organisationId: string, userId: string, role: string | null) =>
      users.codes('setOrganisationMember', { organisationId, userId, role }, as),
  };
}
