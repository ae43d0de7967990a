import type { Caller } from '@banyan/kit/hop';
import { refuse } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import { findOrganisationRole } from '../db/organisation-members.ts';
import type { PartnerAppRow } from '../db/partner-apps.ts';

/** Whether the caller runs this organisation: as owner or administrator. */
export async function runsOrganisation(
  db: Kysely<Database>,
  caller: Caller,
  organisationId: string,
): Promise<boolean> {
  if (caller.subject === null) return false;
  const role = await findOrganisationRole(db, organisationId, caller.subject);
  return role === 'OWNER' || role === 'ADMIN';
}

/** Whether the caller sees an app: it is the app itself, or runs the organisation behind it. */
export async function maySeeApp(db: Kysely<Database>, caller: Caller, app: PartnerAppRow): Promise<boolean> {
  return caller.app?.id === app.id || runsOrganisation(db, caller, app.organisation_id);
}

/**
 * The app, to those who may change its keys: who runs its organisation, and the app itself with `keys:manage`.
 * @throws Refusal `NOT_FOUND` to everybody else, who is not to learn which apps there are.
 */
export async function requireManageable(
  db: Kysely<Database>,
  caller: Caller,
  app: PartnerAppRow | undefined,
  field: 'appId' | 'keyId',
): Promise<PartnerAppRow> {
  if (app === undefined) throw noSuch(field);
  const isItself = caller.app?.id === app.id && caller.app.scopes.has('keys:manage');
  if (!isItself && !(await runsOrganisation(db, caller, app.organisation_id))) throw noSuch(field);
  return app;
}

export function noSuch(field: 'appId' | 'keyId') {
  const wording =
    field === 'appId'
      ? { en: 'There is no such app of yours.', zh: '没有这个应用，或您无权管理。' }
      : { en: 'There is no such key of yours.', zh: '没有这个密钥，或您无权管理。' };
  return refuse('NOT_FOUND', wording, ['input', field]);
}
