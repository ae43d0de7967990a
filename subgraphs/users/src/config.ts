import { json, readConfig } from '@banyan/kit/service';
import { refuseSandboxInProduction, subgraphSettings, type SubgraphConfig } from '@banyan/kit/subgraph';
import { z } from 'zod';

export interface Config extends SubgraphConfig {
  /** Private Ed25519 JWK that signs access tokens. */
  ACCESS_TOKEN_KEY: { kty: 'OKP'; kid: string; x: string; d: string };
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
  FIELD_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64url').length === 32, 'expected 32 bytes in base64url'),
  SANDBOX_URL: z.url(),
});

/** The only place that reads the environment. */
export function readUsersConfig(): Config {
  return refuseSandboxInProduction(readConfig(configSchema, process.env));
}

/** The one setting that the seed needs. */
export function readFieldKey(): Buffer {
  const { FIELD_KEY: key } = readConfig(configSchema.pick({ FIELD_KEY: true }), process.env);
  return Buffer.from(key, 'base64url');
}
