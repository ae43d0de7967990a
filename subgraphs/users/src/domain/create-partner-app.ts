import { inTransaction } from '@banyan/kit/database';
import {
  idempotencyKey,
  inputFingerprint,
  newId,
  parseInput,
  refuse,
  typeId,
  writtenText,
} from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockOrganisation } from '../db/organisations.ts';
import {
  findPartnerAppByKey,
  findPartnerAppsOf,
  insertPartnerApp,
  type PartnerAppRow,
} from '../db/partner-apps.ts';
import { runsOrganisation } from './app-permission.ts';
import { scopeList } from './app-scopes.ts';
import { assertMayBeUsed } from './live-app.ts';
import { keyReused, noSuchOrganisation } from './refusals.ts';

const inputShape = z.object({
  organisationId: typeId('org'),
  name: writtenText(100),
  scopes: scopeList,
  sandbox: z.boolean(),
  idempotencyKey,
});

/** Apps that one organisation may have. */
export const maxApps = 20;

/**
 * Makes an app of an organisation, for who runs it; it can do nothing until it has a key. Trial apps are open to every
 * organisation, others to verified ones. A repeated key gives the app of the first time.
 */
export async function createPartnerApp(
  { db }: Services,
  caller: Caller,
  creatorId: string,
  input: unknown,
): Promise<{ app: PartnerAppRow }> {
  const { idempotencyKey: key, ...wanted } = parseInput(inputShape, input);
  const fingerprint = inputFingerprint(wanted);
  return inTransaction(db, async (trx) => {
    const organisation = await lockOrganisation(trx, wanted.organisationId);
    if (organisation === undefined || !(await runsOrganisation(trx, caller, organisation.id)))
      throw noSuchOrganisation();
    const known = await findPartnerAppByKey(trx, organisation.id, key);
    if (known !== undefined) {
      if (known.input_fingerprint !== fingerprint) throw keyReused();
      return { app: known };
    }
    assertMayBeUsed({ ...organisation, sandbox: wanted.sandbox }, ['input', 'sandbox']);
    if ((await findPartnerAppsOf(trx, [organisation.id])).length >= maxApps) throw tooManyApps();
    const app = await insertPartnerApp(trx, {
      id: newId('app'),
      organisation_id: organisation.id,
      name: wanted.name,
      scopes: wanted.scopes,
      sandbox: wanted.sandbox,
      creator_id: creatorId,
      idempotency_key: key,
      input_fingerprint: fingerprint,
    });
    return { app };
  });
}

function tooManyApps() {
  return refuse(
    'FORBIDDEN',
    { en: `An organisation has at most ${maxApps} apps.`, zh: `每个机构最多 ${maxApps} 个应用。` },
    ['input', 'organisationId'],
  );
}
