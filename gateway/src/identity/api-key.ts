import { createHash } from 'node:crypto';
import { anonymous, signHop, type Caller, type HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import { LRUCache } from 'lru-cache';
import { request } from 'undici';
import { z } from 'zod';
import { RequestRefused } from '../errors.ts';

const path = '/api-keys/verify';
/** `bk_live_` or `bk_test_` and 256 bits: everything else is refused without asking anybody. */
const shape = /^bk_(?:live|test)_[\w-]{43}$/;

/** How long a key that was good counts as good, and so how soon a revoked one is refused. */
const freshMs = 30_000;
/** How long it goes on while users is away: nobody can revoke it there meanwhile. */
const staleMs = 10 * 60_000;
/** How long a refusal stands: a key that is made is good at once, as nobody has asked for it before. */
const refusedMs = 10_000;
const maxGoodKeys = 10_000;
const maxRefusedKeys = 10_000;
/** Keys that are looked up at the same time. Who sends made-up keys waits; those that are known do not. */
const maxLookups = 64;
const lookupTimeoutMs = 2_000;

const verdictShape = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['unknown', 'expired', 'revoked']) }),
  z.object({
    state: z.literal('live'),
    appId: z.string().min(1),
    organisationId: z.string().min(1),
    scopes: z.array(z.string()),
    sandbox: z.boolean(),
    expiresAtMs: z.number(),
  }),
]);
type Refused = 'unknown' | 'expired' | 'revoked';

interface Good {
  caller: Caller;
  expiresAtMs: number;
  askedAtMs: number;
}

export interface ApiKeyVerifier {
  /**
   * The app that holds this key. An answer of users is remembered; see docs/keys.md.
   * @throws RequestRefused 401 `UNAUTHENTICATED`; 503 when users cannot be asked about a key that is not known here.
   */
  verify(key: string): Promise<Caller> | Caller;
}

const reasons = {
  unknown: ['API_KEY_INVALID', 'The API key is not valid.'],
  expired: ['API_KEY_EXPIRED', 'The API key has expired.'],
  revoked: ['API_KEY_REVOKED', 'The API key was revoked.'],
} as const;

function keyRefused(state: Refused): RequestRefused {
  const [reason, message] = reasons[state];
  return new RequestRefused(
    401,
    message,
    { code: 'UNAUTHENTICATED', reason },
    { 'www-authenticate': 'ApiKey realm="banyan"' },
  );
}

function identityAway(): RequestRefused {
  return new RequestRefused(
    503,
    'API keys cannot be checked at the moment.',
    { code: 'SUBGRAPH_UNAVAILABLE', retryAfterSeconds: 1 },
    { 'retry-after': '1' },
  );
}

/**
 * Verifies API keys by asking users, over a signed request, about their SHA-256: the key itself leaves the edge never, nor
 * does it stay here.
 */
export function createApiKeyVerifier(options: {
  /** Where users is. */
  url: string;
  hopKey: HopKey;
  log: Logger;
  now?: () => number;
}): ApiKeyVerifier {
  const { hopKey, log, now = Date.now } = options;
  const url = new URL(path, options.url);
  const good = new LRUCache<string, Good>({ max: maxGoodKeys });
  const refused = new LRUCache<string, { state: Refused; untilMs: number }>({ max: maxRefusedKeys });
  const lookups = new Map<string, Promise<Caller>>();

  async function ask(hash: string): Promise<z.infer<typeof verdictShape>> {
    const body = JSON.stringify({ hash });
    const signature = signHop(hopKey, { subgraph: 'users', method: 'POST', path, body });
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature },
      body,
      signal: AbortSignal.timeout(lookupTimeoutMs),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`users answered with status ${response.statusCode}.`);
    return verdictShape.parse(JSON.parse(text));
  }

  async function lookUp(hash: string): Promise<Caller> {
    const known = good.get(hash);
    let verdict: z.infer<typeof verdictShape>;
    try {
      verdict = await ask(hash);
    } catch (error) {
      log.warn({ err: error }, 'an API key could not be checked');
      if (known !== undefined && now() < Math.min(known.askedAtMs + staleMs, known.expiresAtMs))
        return known.caller;
      throw identityAway();
    }
    if (verdict.state !== 'live') {
      good.delete(hash);
      refused.set(hash, { state: verdict.state, untilMs: now() + refusedMs });
      throw keyRefused(verdict.state);
    }
    const { appId: id, organisationId, scopes, sandbox, expiresAtMs } = verdict;
    const caller = { ...anonymous, app: { id, organisationId, scopes: new Set(scopes), sandbox } };
    good.set(hash, { caller, expiresAtMs, askedAtMs: now() });
    return caller;
  }

  /** One lookup for all who bring the same key at the same time. */
  function lookUpOnce(hash: string): Promise<Caller> {
    const under = lookups.get(hash);
    if (under !== undefined) return under;
    if (lookups.size >= maxLookups) throw identityAway();
    const lookup = lookUp(hash).finally(() => lookups.delete(hash));
    lookups.set(hash, lookup);
    return lookup;
  }

  return {
    verify(key) {
      if (!shape.test(key)) throw keyRefused('unknown');
      const hash = createHash('sha256').update(key).digest('base64url');
      const atMs = now();
      const known = good.get(hash);
      if (known !== undefined && atMs < Math.min(known.askedAtMs + freshMs, known.expiresAtMs))
        return known.caller;
      const before = refused.get(hash);
      if (before !== undefined && atMs < before.untilMs) throw keyRefused(before.state);
      return lookUpOnce(hash);
    },
  };
}
