import { json, readConfig } from '@banyan/kit/service';
import { refuseSandboxInProduction, subgraphSettings, type SubgraphConfig } from '@banyan/kit/subgraph';
import { z } from 'zod';

// What is not named is cut off: a private part that got in here by mistake is not published.
const publicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string(),
  x: z.string(),
});
type PublicKey = z.infer<typeof publicKey>;

export interface Config extends SubgraphConfig {
  /** Private Ed25519 JWK that signs access tokens. */
  ACCESS_TOKEN_KEY: { kty: 'OKP'; kid: string; x: string; d: string };
  /** Public keys that are published beside that one: of its predecessor, or of its successor. */
  ACCESS_TOKEN_OTHER_KEYS: { keys: PublicKey[] };
  /** 32 bytes, base64url: encrypts personal data and keys its fingerprints. */
  FIELD_KEY: string;
  /** Where the providers of SMS and eKYC are. */
  SANDBOX_URL: string;
}

const configSchema = z.object({
  ...subgraphSettings,
  ACCESS_TOKEN_KEY: json(
    z.looseObject({ kty: z.literal('OKP'), kid: z.string(), x: z.string(), d: z.string() }),
  ),
  ACCESS_TOKEN_OTHER_KEYS: json(z.object({ keys: z.array(publicKey) })).default({ keys: [] }),
  FIELD_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64url').length === 32, 'expected 32 bytes in base64url'),
  SANDBOX_URL: z.url(),
});

/** The only place that reads the environment. */
export function readUsersConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return refuseSandboxInProduction(readConfig(configSchema, env));
}

/** The one setting that the seed needs. */
export function readFieldKey(): Buffer {
  const { FIELD_KEY: key } = readConfig(configSchema.pick({ FIELD_KEY: true }), process.env);
  return Buffer.from(key, 'base64url');
}
