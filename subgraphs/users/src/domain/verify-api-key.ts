import type { Services } from '../context.ts';
import { findKeyInUse, noteKeyUse } from '../db/api-keys.ts';
import { mayBeUsed } from './live-app.ts';

/** What the edge learns of a key by the hash of its secret. */
export type KeyVerdict =
  | { state: 'unknown' | 'expired' | 'revoked' }
  | {
      state: 'live';
      appId: string;
      organisationId: string;
      scopes: readonly string[];
      sandbox: boolean;
      /** Milliseconds since the epoch. */
      expiresAtMs: number;
    };

/**
 * Looks a key up, and notes that it was used. One that is not for trial counts as revoked while its organisation is not
 * verified.
 */
export async function verifyApiKey(
  { db, now }: Pick<Services, 'db' | 'now'>,
  secretHash: string,
): Promise<KeyVerdict> {
  const at = now();
  const key = await findKeyInUse(db, secretHash);
  if (key === undefined) return { state: 'unknown' };
  if (key.revoked_at !== null || !mayBeUsed(key)) return { state: 'revoked' };
  if (key.expires_at <= at) return { state: 'expired' };
  await noteKeyUse(db, key, at);
  return {
    state: 'live',
    appId: key.app_id,
    organisationId: key.organisation_id,
    scopes: key.scopes,
    sandbox: key.sandbox,
    expiresAtMs: key.expires_at.getTime(),
  };
}
