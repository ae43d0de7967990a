import {
  createLocalJWKSet,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { LRUCache } from 'lru-cache';

/** Who asks, as the edge vouches for it. An anonymous caller has no subject and no role. */
export interface Caller {
  readonly subject: string | null;
  readonly roles: ReadonlySet<string>;
}

export const anonymous: Caller = { subject: null, roles: new Set() };

/** Longest life of an assertion, in seconds. */
export const assertionLifeSeconds = 60;
const issuer = 'banyan-gateway';

/** The caller's assertion is not one that this subgraph accepts. */
export class AssertionRefused extends Error {
  override readonly name = 'AssertionRefused';
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
    const token = await new SignJWT({ roles: [...caller.roles] })
      .setProtectedHeader({ alg: 'EdDSA', kid: privateJwk.kid })
      .setIssuer(issuer)
      .setAudience(subgraph)
      .setSubject(caller.subject ?? '')
      .setIssuedAt()
      .setExpirationTime(`${assertionLifeSeconds}s`)
      .sign(key);
    minted.set(cacheKey, token);
    return token;
  }

  return {
    mint(caller, subgraph) {
      const cacheKey = `${subgraph} ${caller.subject ?? ''} ${[...caller.roles].join(',')}`;
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
        requiredClaims: ['exp', 'iat', 'sub'],
      });
      const roles: unknown = payload['roles'];
      if (!Array.isArray(roles) || !payload.sub) throw new AssertionRefused('The assertion lacks a claim.');
      const caller: Caller = { subject: payload.sub, roles: new Set(roles.map(String)) };
      verified.set(token, { caller, expiresAtMs: (payload.exp ?? 0) * 1_000 });
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
