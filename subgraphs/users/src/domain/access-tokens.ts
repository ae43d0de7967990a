import { createHash, randomBytes } from 'node:crypto';
import { importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';

/** Life of an access token. Short, since it cannot be called back. */
const accessTokenLifeSeconds = 15 * 60;
/** Life of a refresh token that is not used. */
export const refreshTokenLifeMs = 60 * 24 * 60 * 60 * 1_000;

export interface AccessTokens {
  sign(claims: {
    personId: string;
    deviceId: string;
    roles: readonly string[];
    now: Date;
  }): Promise<{ token: string; expiresAt: Date }>;
  /** The public keys, for whoever verifies. */
  jwks: { keys: JWK[] };
}

/**
 * EdDSA JWTs with issuer `banyan` and audience `banyan-graph`.
 * @param others public keys that are published as well, while one key takes over from another.
 */
export async function createAccessTokens(
  privateJwk: JWK & { kid: string },
  others: readonly JWK[] = [],
): Promise<AccessTokens> {
  const key = (await importJWK(privateJwk, 'EdDSA')) as CryptoKey;
  const { d: _private, ...publicJwk } = privateJwk;
  return {
    jwks: { keys: [publicJwk, ...others].map((each) => ({ ...each, use: 'sig', alg: 'EdDSA' })) },
    async sign({ personId, deviceId, roles, now }) {
      const issuedAt = Math.floor(now.getTime() / 1_000);
      const expiresAt = issuedAt + accessTokenLifeSeconds;
      const token = await new SignJWT({ roles, sid: deviceId })
        .setProtectedHeader({ alg: 'EdDSA', kid: privateJwk.kid, typ: 'at+jwt' })
        .setIssuer('banyan')
        .setAudience('banyan-graph')
        .setSubject(personId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: new Date(expiresAt * 1_000) };
    },
  };
}

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a secret that is random already. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
