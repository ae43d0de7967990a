import type { Logger } from '@banyan/kit/service';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** Keys are fetched anew after this time, while the old ones still serve: a key that was taken back stops to count. */
const refreshAfterMs = 5 * 60_000;
/** An unknown key id makes the set be fetched again, at most this often, whatever strangers send. */
const cooldownMs = 10_000;
const fetchTimeoutMs = 2_000;

/**
 * The published keys of access tokens. They are fetched on first use, so that the edge starts without users; once there,
 * they serve on while users is away.
 */
export function createKeySet(url: URL, log: Logger): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMs,
    timeoutDuration: fetchTimeoutMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  let refreshedAt: number | undefined;

  async function refresh(): Promise<void> {
    try {
      await remote.reload();
    } catch (error) {
      log.warn({ err: error }, 'the keys of access tokens could not be refreshed');
    }
  }

  return async (header, token) => {
    const due = refreshedAt !== undefined && Date.now() - refreshedAt > refreshAfterMs;
    if (due) {
      refreshedAt = Date.now();
      void refresh();
    }
    const key = await remote(header, token);
    refreshedAt ??= Date.now();
    return key;
  };
}
