import type { NewEvent } from '@banyan/kit/events';
import type { OrganisationRow } from '../db/organisations.ts';
import type { OrganisationRole } from './words.ts';

/** Somebody's role in an organisation; null is none. */
export function memberSet(organisationId: string, userId: string, role: OrganisationRole | null): NewEvent {
  return {
    type: 'organisation.member_set',
    subject: organisationId,
    payload: { organisationId, userId, role },
  };
}

/** What an organisation is verified to be. One whose verification was withdrawn is verified to be nothing. */
export function organisationVerified(
  organisation: Pick<
    OrganisationRow,
    'id' | 'kinds' | 'verified_at' | 'licence_number' | 'licence_from' | 'licence_to'
  >,
): NewEvent {
  const { id, licence_number: number, licence_from: validFrom, licence_to: validTo } = organisation;
  return {
    type: 'organisation.verified',
    subject: id,
    payload: {
      organisationId: id,
      kinds: organisation.verified_at === null ? [] : organisation.kinds,
      licence: number === null ? null : { number, validFrom, validTo },
    },
  };
}
