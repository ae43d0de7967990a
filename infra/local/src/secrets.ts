import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalProblem } from './local-problem.ts';

const privateKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string(),
  x: z.string(),
  d: z.string(),
});

const secretsSchema = z.object({
  /** `id:base64url`, as HOP_KEYS wants it. */
  hopKeys: z.string(),
  /** Signs the gateway's assertions. */
  assertionKey: privateKey,
  /** Signs access tokens. */
  accessTokenKey: privateKey,
  /** Encrypts personal data in the users database. */
  fieldKey: z.string(),
  /** The secrets of the merchant accounts are derived from it. */
  merchantKey: z.string(),
  postgresPassword: z.string(),
  /** The passwords of the database roles are derived from it. */
  rolePasswordKey: z.string(),
});

/** What only this local system knows: made once, kept beside its data. */
export type Secrets = z.infer<typeof secretsSchema>;
export type PrivateKey = z.infer<typeof privateKey>;

const FILE = 'secrets.json';

/** Reads the secrets of a data folder, or makes them; the file is readable for its owner alone. */
export async function loadSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return createSecrets(path);
  const parsed = secretsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new LocalProblem(
    `${path} does not hold the secrets of this version.`,
    'Start anew with "npm start -- --fresh"; this deletes the local data.',
  );
}

async function createSecrets(path: string): Promise<Secrets> {
  const secrets: Secrets = {
    hopKeys: `local:${randomText()}`,
    assertionKey: createSigningKey('gateway-1'),
    accessTokenKey: createSigningKey('users-1'),
    fieldKey: randomText(),
    merchantKey: randomText(),
    postgresPassword: randomText(),
    rolePasswordKey: randomText(),
  };
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secrets;
}

/** The public half of a key, as a member of a JWK set. */
export function publicKeyOf(key: PrivateKey): Record<string, string> {
  return { kty: key.kty, crv: key.crv, kid: key.kid, x: key.x, use: 'sig', alg: 'EdDSA' };
}

/** The password of a database role; the same on every start. */
export function rolePassword(role: string, secrets: Secrets): string {
  return createHmac('sha256', secrets.rolePasswordKey).update(role).digest('base64url');
}

/** What a program and the payment provider share; the same on every start. */
export function merchantSecret(merchant: string, secrets: Secrets): string {
  return createHmac('sha256', secrets.merchantKey).update(merchant).digest('base64url');
}

function createSigningKey(kid: string): PrivateKey {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return privateKey.parse({ ...jwk, kid });
}

/** 256 random bits. */
function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
