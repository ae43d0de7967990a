import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** The secrets by which guests are known again. */
export interface GuestTokens {
  /** The secret of a guest who shows none: always the same for the same campaign and key. */
  issue(campaignId: string, idempotencyKey: string): string;
}

/** How long the first key of a guest must be, in characters: it is all that tells this guest from others. */
export const minGuestKeyCharacters = 16;

/**
 * A key for guests' secrets alone where none was set: derived from another secret (HKDF-SHA256, RFC 5869) under a label of
 * its own, so that whoever holds a guest's secret, or a signature made with the other, learns nothing of the rest.
 */
export function deriveGuestTokenKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'banyan guest token', 32));
}

/**
 * A guest's first gift has no secret to scope its key. It is derived from campaign and key (HMAC-SHA256), so that a guest
 * whose first answer was lost repeats the request and is the same guest, not a second one who pays again.
 */
export function createGuestTokens(key: Buffer): GuestTokens {
  return {
    issue: (campaignId, idempotencyKey) =>
      createHmac('sha256', key).update(`${campaignId}\n${idempotencyKey}`).digest('base64url'),
  };
}

/** SHA-256 of a secret of 256 random bits: nothing to guess, so no salt. */
export function hashGuestToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
