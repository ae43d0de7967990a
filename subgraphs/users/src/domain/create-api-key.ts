import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { countLiveKeys, findApiKeyByKey, insertApiKey, type ApiKeyRow } from '../db/api-keys.ts';
import type { Database } from '../db/database.ts';
import { findOrganisations } from '../db/organisations.ts';
import { lockPartnerApp, type PartnerAppRow } from '../db/partner-apps.ts';
import { newApiKey } from './api-key-secret.ts';
import { requireManageable } from './app-permission.ts';
import { scopeList } from './app-scopes.ts';
import { assertMayBeUsed } from './live-app.ts';
import { keyReused } from './refusals.ts';
import type { AppScope } from './words.ts';

const dayInMs = 24 * 60 * 60 * 1_000;
const defaultLifeDays = 90;
const maxLifeDays = 366;
/** So that one can be replaced while the other still serves. */
const maxLiveKeys = 2n;

const inputShape = z.object({
  appId: typeId('app'),
  scopes: scopeList.nullish(),
  expiresAt: z.date().nullish(),
  idempotencyKey,
});

/** What is told of a key that was made: its secret once, and never again. */
export interface MadeKey {
  key: ApiKeyRow;
  /** Null where the request was repeated: the secret is not kept. */
  secret: string | null;
}

/**
 * Makes a key of an app, for who runs its organisation or for the app itself. It has the app's scopes or fewer, of an app
 * that asks no more than the key it asks with; it lives 90 days unless the input says otherwise.
 */
export async function createApiKey({ db, now }: Services, caller: Caller, input: unknown): Promise<MadeKey> {
  const { appId, idempotencyKey: key, ...wanted } = parseInput(inputShape, input);
  const fingerprint = inputFingerprint(wanted);
  const at = now();
  return inTransaction(db, async (trx) => {
    const app = await requireManageable(trx, caller, await lockPartnerApp(trx, appId), 'appId');
    const known = await findApiKeyByKey(trx, app.id, key);
    if (known !== undefined) return sameRequest(known, fingerprint);
    const scopes = wanted.scopes ?? app.scopes.filter((scope) => mayGive(caller, scope));
    assertWithin(scopes, app, caller, 'scopes');
    const expiresAt = wanted.expiresAt ?? new Date(at.getTime() + defaultLifeDays * dayInMs);
    assertLife(expiresAt, at);
    return makeKey(trx, app, { scopes, expiresAt, key, fingerprint, at });
  });
}

/**
 * A key as `createApiKey` and `rotateApiKey` make it, in an app that is locked.
 * @throws Refusal `FORBIDDEN` where two are live, or where the app may not be used.
 */
export async function makeKey(
  trx: Transaction<Database>,
  app: PartnerAppRow,
  of: { scopes: readonly AppScope[]; expiresAt: Date; key: string; fingerprint: string; at: Date },
): Promise<MadeKey> {
  const [organisation] = await findOrganisations(trx, [app.organisation_id]);
  assertMayBeUsed({ sandbox: app.sandbox, verified_at: organisation?.verified_at ?? null }, null);
  if ((await countLiveKeys(trx, app.id, of.at)) >= maxLiveKeys) throw twoAreLive();
  const { secret, prefix, secretHash } = newApiKey(app.sandbox);
  const key = await insertApiKey(trx, {
    id: newId('apk'),
    app_id: app.id,
    prefix,
    secret_hash: secretHash,
    scopes: of.scopes,
    expires_at: of.expiresAt,
    last_used_at: null,
    revoked_at: null,
    idempotency_key: of.key,
    input_fingerprint: of.fingerprint,
  });
  return { key, secret };
}

/** The key of the first time, without its secret. */
export function sameRequest(known: ApiKeyRow, fingerprint: string): MadeKey {
  if (known.input_fingerprint !== fingerprint) throw keyReused();
  return { key: known, secret: null };
}

function mayGive({ app }: Caller, scope: AppScope): boolean {
  return app === undefined || app.scopes.has(scope);
}

/** @throws Refusal `FORBIDDEN` for a key that could do more than the app, or than the key that asks for it. */
export function assertWithin(
  scopes: readonly AppScope[],
  app: PartnerAppRow,
  caller: Caller,
  field: 'scopes' | 'keyId',
): void {
  if (scopes.every((scope) => app.scopes.includes(scope) && mayGive(caller, scope))) return;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'A key can do no more than its app, nor than the key with which it is asked for.',
      zh: '密钥的权限不能超出其应用或当前密钥的权限。',
    },
    ['input', field],
  );
}

function assertLife(expiresAt: Date, at: Date): void {
  const lifeMs = expiresAt.getTime() - at.getTime();
  if (lifeMs > 0 && lifeMs <= maxLifeDays * dayInMs) return;
  throw refuse(
    'INVALID_INPUT',
    {
      en: `A key expires after now, and within ${maxLifeDays} days.`,
      zh: `密钥的有效期须在未来 ${maxLifeDays} 天之内。`,
    },
    ['input', 'expiresAt'],
  );
}

function twoAreLive() {
  return refuse(
    'FORBIDDEN',
    {
      en: 'Two keys of this app are live already. Revoke one first.',
      zh: '该应用已有两个有效密钥，请先吊销其中一个。',
    },
    null,
  );
}
