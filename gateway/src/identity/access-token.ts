import type { Caller } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { RequestRefused } from '../errors.ts';
import { createKeySet, refreshAfterMs } from './key-set.ts';
import { createOutageLog } from './outage-log.ts';

const issuer = 'banyan';
const audience = 'banyan-graph';
/** A token of ours has some 400 characters. */
const maxTokenCharacters = 4_096;
/** How far the clocks of users and of the edge may be apart. */
const clockToleranceSeconds = 5;
const maxVerifiedTokens = 50_000;

interface Verified {
  caller: Caller;
  keyId: string;
  untilMs: number;
}

export interface AccessTokenVerifier {
  /**
   * Who holds this token. A verified token is remembered until it expires or its key is taken back, though never for longer than
   * the keys: they are looked at again when it is verified anew.
   * @throws RequestRefused 401 `UNAUTHENTICATED`; 503 when the keys were never to be had.
   */
  verify(token: string): Promise<Caller> | Caller;
}

/** The refusal of a token, in the shape that clients renew or sign in by. */
export function tokenRefused(
  reason: 'TOKEN_EXPIRED' | 'TOKEN_INVALID',
  message = reason === 'TOKEN_EXPIRED' ? 'The access token has expired.' : 'The access token is not valid.',
): RequestRefused {
  return new RequestRefused(
    401,
    message,
    { code: 'UNAUTHENTICATED', reason },
    { 'www-authenticate': `Bearer error="invalid_token", error_description="${message}"` },
  );
}

/** Without the keys a good token cannot be told from a bad one: to say 401 would sign people out. */
function identityAway(): RequestRefused {
  return new RequestRefused(
    503,
    'Access tokens cannot be checked at the moment.',
    { code: 'SUBGRAPH_UNAVAILABLE', retryAfterSeconds: 1 },
    { 'retry-after': '1' },
  );
}

function refusalOf(error: unknown, log: Logger, tellOutage: (cause: unknown) => void): RequestRefused {
  if (error instanceof RequestRefused) return error;
  if (error instanceof errors.JWTExpired) return tokenRefused('TOKEN_EXPIRED');
  const ofKeys =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    !(error instanceof errors.JOSEError);
  // jose throws its plain JOSEError when the key set answers with another status than 200 or with something else than JSON.
  if (ofKeys || error.code === 'ERR_JOSE_GENERIC') {
    tellOutage(error);
    return identityAway();
  }
  log.debug({ err: error }, 'refused an access token');
  return tokenRefused('TOKEN_INVALID');
}

function callerOf(payload: JWTPayload): Caller {
  const roles: unknown = payload['roles'] ?? [];
  if (!payload.sub || !Array.isArray(roles) || !roles.every((role) => typeof role === 'string'))
    throw tokenRefused('TOKEN_INVALID');
  return { subject: payload.sub, roles: new Set(roles) };
}

/** Verifies access tokens (EdDSA JWTs of the users subgraph) with the keys published at `jwksUrl`. */
export function createAccessTokenVerifier(options: { jwksUrl: string; log: Logger }): AccessTokenVerifier {
  const { log } = options;
  const tellOutage = createOutageLog(log, 'error', 'the keys of access tokens are not to be had');
  const verified = new LRUCache<string, Verified>({ max: maxVerifiedTokens });
  const keys = createKeySet({
    url: new URL(options.jwksUrl),
    log,
    whenGone(keyId) {
      for (const [token, known] of verified.entries()) if (known.keyId === keyId) verified.delete(token);
    },
  });

  async function check(token: string): Promise<Caller> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
        issuer,
        audience,
        algorithms: ['EdDSA'],
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      const caller = callerOf(payload);
      const { kid: keyId = '' } = protectedHeader;
      const untilMs = Math.min((payload.exp ?? 0) * 1_000, Date.now() + refreshAfterMs);
      // The key may have been taken back while this was verified.
      if (keys.isPublished(keyId)) verified.set(token, { caller, keyId, untilMs });
      return caller;
    } catch (error) {
      throw refusalOf(error, log, tellOutage);
    }
  }

  return {
    verify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.untilMs > Date.now()) return known.caller;
      if (token.length > maxTokenCharacters) throw tokenRefused('TOKEN_INVALID');
      return check(token);
    },
  };
}
