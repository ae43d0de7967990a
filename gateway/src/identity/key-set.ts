import type { Logger } from '@banyan/kit/service';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** Keys are fetched anew after this time, while the old ones still serve: a key that was taken back stops to count. */
export const refreshAfterMs = 5 * 60_000;
/** An unknown key id makes the set be fetched again, at most this often, whatever strangers send. */
const cooldownMs = 10_000;
const fetchTimeoutMs = 2_000;

export interface KeySetOptions {
  url: URL;
  log: Logger;
  /** Called with the id of each key that is published no longer, or as another one. */
  whenGone: (keyId: string) => void;
}

export interface KeySet {
  /** The key of a token, as jose asks for it. */
  find: JWTVerifyGetKey;
  /** Whether a key of this id was published when that was last looked at. */
  isPublished(keyId: string): boolean;
}

/**
 * The published keys of access tokens. They are fetched on first use, so that the edge starts without users; once there,
 * they serve on while users is away.
 */
export function createKeySet({ url, log, whenGone }: KeySetOptions): KeySet {
  const remote = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMs,
    timeoutDuration: fetchTimeoutMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  let refreshedAt: number | undefined;
  let published = new Map<string, string>();

  function compare(): void {
    const keys = remote.jwks()?.keys ?? [];
    const now = new Map(keys.map((key) => [key.kid ?? '', JSON.stringify(key)]));
    for (const [id, text] of published) if (now.get(id) !== text) whenGone(id);
    published = now;
  }

  async function refresh(): Promise<void> {
    try {
      await remote.reload();
      compare();
    } catch (error) {
      log.warn({ err: error }, 'the keys of access tokens could not be refreshed');
    }
  }

  return {
    isPublished: (keyId) => published.has(keyId),
    async find(header, token) {
      const due = refreshedAt !== undefined && Date.now() - refreshedAt >= refreshAfterMs;
      if (due) {
        refreshedAt = Date.now();
        void refresh();
      }
      try {
        const key = await remote(header, token);
        refreshedAt ??= Date.now();
        return key;
      } finally {
        // An id that it does not know may have made it fetch the set.
        compare();
      }
    },
  };
}
