import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { anonymous, type Caller, type HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import { LRUCache } from 'lru-cache';
import { RequestRefused } from '../errors.ts';
import { createKeyLookup, type KeyVerdict } from './api-key-lookup.ts';
import { createOutageLog } from './outage-log.ts';

/** `bk_live_` or `bk_test_` and 256 bits: everything else is refused without asking anybody. */
const shape = /^bk_(?:live|test)_[\w-]{43}$/;
/** Most often it was not copied whole. */
const notOfThatShape =
  'The API key is not valid: bk_live_ or bk_test_ and 43 characters make one, and nothing else.';

/** How long a key that was good counts as good, and so how soon a revoked one is refused. */
const freshMs = 30_000;
/** How long it goes on while users is away: nobody can revoke it there meanwhile. */
const staleMs = 10 * 60_000;
/** How long a refusal stands: a key that is made is good at once, as nobody has asked for it before. */
const refusedMs = 10_000;
const maxGoodKeys = 10_000;
const maxRefusedKeys = 10_000;
/**
 * Keys that are looked up at the same time: so many that were good before, and so many others, since made-up ones are to
 * take no room from those.
 */
const maxLookups = 64;

type Refused = 'unknown' | 'expired' | 'revoked';

interface Good {
  caller: Caller;
  expiresAtMs: number;
  askedAtMs: number;
}

export interface ApiKeyVerifier {
  /**
   * The app that holds this key. An answer of users is remembered; see docs/keys.md.
   * @param asker the request that brings it; null where its caller was known before
   * @throws RequestRefused 401 `UNAUTHENTICATED`; 503 when users cannot be asked about a key that is not known here.
   */
  verify(key: string, asker: IncomingMessage | null): Promise<Caller> | Caller;
}

const reasons = {
  unknown: ['API_KEY_INVALID', 'The API key is not valid.'],
  expired: ['API_KEY_EXPIRED', 'The API key has expired.'],
  revoked: ['API_KEY_REVOKED', 'The API key was revoked.'],
} as const;

function keyRefused(state: Refused, words?: string): RequestRefused {
  const [reason, message] = reasons[state];
  return new RequestRefused(
    401,
    words ?? message,
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

export interface ApiKeyVerifierOptions {
  /** Where users is. */
  url: string;
  hopKey: HopKey;
  /** Called when a request makes the edge ask about a key that was never good here; throws where it may not. */
  beforeLookup?: (asker: IncomingMessage) => void;
  log: Logger;
  now?: () => number;
}

/**
 * Verifies API keys by asking users, over a signed request, about their SHA-256: the key itself leaves the edge never, nor
 * does it stay here.
 */
export function createApiKeyVerifier(options: ApiKeyVerifierOptions): ApiKeyVerifier {
  const { beforeLookup, log, now = Date.now } = options;
  const ask = createKeyLookup(options);
  const tellOutage = createOutageLog(log, 'warn', 'API keys cannot be checked: users gives no verdict');
  const good = new LRUCache<string, Good>({ max: maxGoodKeys });
  const refused = new LRUCache<string, { state: Refused; untilMs: number }>({ max: maxRefusedKeys });
  const lookups = {
    ofGood: new Map<string, Promise<Caller>>(),
    ofOthers: new Map<string, Promise<Caller>>(),
  };

  /** What goes for a key that users cannot be asked about. */
  function withoutUsers(known: Good | undefined): Caller {
    if (known !== undefined && now() < Math.min(known.askedAtMs + staleMs, known.expiresAtMs))
      return known.caller;
    throw identityAway();
  }

  function remember(hash: string, verdict: KeyVerdict): Caller {
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

  async function lookUp(hash: string, known: Good | undefined): Promise<Caller> {
    let verdict: KeyVerdict;
    try {
      verdict = await ask(hash);
    } catch (error) {
      tellOutage(error);
      return withoutUsers(known);
    }
    return remember(hash, verdict);
  }

  /** One lookup for all who bring the same key at the same time. */
  function lookUpOnce(
    hash: string,
    known: Good | undefined,
    asker: IncomingMessage | null,
  ): Promise<Caller> | Caller {
    const underWay = known === undefined ? lookups.ofOthers : lookups.ofGood;
    const same = underWay.get(hash);
    if (same !== undefined) return same;
    if (underWay.size >= maxLookups) return withoutUsers(known);
    if (known === undefined && asker !== null) beforeLookup?.(asker);
    const lookup = lookUp(hash, known).finally(() => underWay.delete(hash));
    underWay.set(hash, lookup);
    return lookup;
  }

  return {
    verify(key, asker) {
      if (!shape.test(key)) throw keyRefused('unknown', notOfThatShape);
      const hash = createHash('sha256').update(key).digest('base64url');
      const atMs = now();
      const known = good.get(hash);
      if (known !== undefined && atMs < Math.min(known.askedAtMs + freshMs, known.expiresAtMs))
        return known.caller;
      const before = refused.get(hash);
      if (before !== undefined && atMs < before.untilMs) throw keyRefused(before.state);
      return lookUpOnce(hash, known, asker);
    },
  };
}
