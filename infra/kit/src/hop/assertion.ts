import {
  createLocalJWKSet,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/**
 * Who asks, as the edge vouches for it: a person, a partner's app, or nobody in particular. An app is never a person: its
 * `subject` is null and it has no roles, so what asks for a signed-in person refuses it without knowing of apps.
 */
export interface Caller {
  /** Id of the signed-in person; null for apps and strangers. */
  readonly subject: string | null;
  /** Staff roles of the person; empty for apps and strangers. */
  readonly roles: ReadonlySet<string>;
  /** The app whose API key came with the request; absent for people and strangers. */
  readonly app?: CallerApp;
}

/** A partner's app, as far as its API key reaches. */
export interface CallerApp {
  readonly id: string;
  readonly organisationId: string;
  /** What this key may do: the app's scopes, or fewer. */
  readonly scopes: ReadonlySet<string>;
  /** A `bk_test_…` key: nothing that it does may touch money or people. */
  readonly sandbox: boolean;
}

export const anonymous: Caller = { subject: null, roles: new Set() };

/** Whether nothing is known of who asks: neither a person nor an app. */
export function isAnonymous(caller: Caller): boolean {
  return caller.subject === null && caller.app === undefined;
}

/** Longest life of an assertion, in seconds. */
export const assertionLifeSeconds = 60;
/** How far the clocks of the edge and of a subgraph may be apart. */
const clockToleranceSeconds = 5;
const issuer = 'banyan-gateway';

/** The caller's assertion is not one that this subgraph accepts. */
export class AssertionRefused extends Error {
  override readonly name = 'AssertionRefused';
}

const appShape = z.object({
  id: z.string().min(1),
  organisationId: z.string().min(1),
  scopes: z.array(z.string()),
  sandbox: z.boolean(),
});
/** A person's assertion has a subject and roles; an app's has `app` and no subject. */
const claimsShape = z.union([
  z.object({ sub: z.string().min(1), roles: z.array(z.string()), app: z.undefined().optional() }),
  z.object({ sub: z.undefined().optional(), roles: z.tuple([]), app: appShape }),
]);

function claimsOf({ subject, roles, app }: Caller): JWTPayload {
  if (app !== undefined) return { roles: [], app: { ...app, scopes: [...app.scopes] } };
  return { sub: subject ?? '', roles: [...roles] };
}

function callerOf(payload: JWTPayload): Caller {
  const { sub, roles, app } = claimsShape.parse(payload);
  if (app === undefined) return { subject: sub, roles: new Set(roles) };
  return { ...anonymous, app: { ...app, scopes: new Set(app.scopes) } };
}

function cacheKeyOf({ subject, roles, app }: Caller): string {
  if (app === undefined) return `person ${subject ?? ''} ${[...roles].join(',')}`;
  return `app ${app.id} ${app.organisationId} ${app.sandbox} ${[...app.scopes].join(',')}`;
}

/**
 * Makes assertions for one subgraph each, and keeps them for half of their life, so that a caller costs one signature a
 * subgraph and half minute, not one a request.
 */
export async function createAssertionMinter(
  privateJwk: JWK & { kid: string },
  options: { maxCallers: number } = { maxCallers: 50_000 },
): Promise<{ mint(caller: Caller, subgraph: string): Promise<string> | string }> {
  const key = (await importJWK(privateJwk, 'EdDSA')) as CryptoKey;
  const minted = new LRUCache<string, string>({
    max: options.maxCallers,
    ttl: (assertionLifeSeconds / 2) * 1_000,
  });

  async function sign(caller: Caller, subgraph: string, cacheKey: string): Promise<string> {
    const token = await new SignJWT(claimsOf(caller))
      .setProtectedHeader({ alg: 'EdDSA', kid: privateJwk.kid })
      .setIssuer(issuer)
      .setAudience(subgraph)
      .setIssuedAt()
      .setExpirationTime(`${assertionLifeSeconds}s`)
      .sign(key);
    minted.set(cacheKey, token);
    return token;
  }

  return {
    mint(caller, subgraph) {
      const cacheKey = `${subgraph} ${cacheKeyOf(caller)}`;
      return minted.get(cacheKey) ?? sign(caller, subgraph, cacheKey);
    },
  };
}

/** Verifies assertions made for `subgraph`; a verified one is remembered until it expires. */
export function createAssertionVerifier(
  jwks: JSONWebKeySet,
  subgraph: string,
): { verify(token: string): Promise<Caller> | Caller } {
  const keys = createLocalJWKSet(jwks);
  const verified = new LRUCache<string, { caller: Caller; expiresAtMs: number }>({ max: 50_000 });

  async function check(token: string): Promise<Caller> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: subgraph,
        algorithms: ['EdDSA'],
        maxTokenAge: assertionLifeSeconds,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'iat'],
      });
      const { exp = 0, iat = 0 } = payload;
      if (exp - iat > assertionLifeSeconds) throw new Error('It would live too long.');
      const caller = callerOf(payload);
      verified.set(token, { caller, expiresAtMs: exp * 1_000 });
      return caller;
    } catch (error) {
      throw new AssertionRefused('The caller’s assertion is not valid here.', { cause: error });
    }
  }

  return {
    verify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.expiresAtMs > Date.now()) return known.caller;
      return check(token);
    },
  };
}
