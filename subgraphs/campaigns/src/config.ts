import { readConfig } from '@banyan/kit/service';
import { refuseSandboxInProduction, subgraphSettings, type SubgraphConfig } from '@banyan/kit/subgraph';
import { z } from 'zod';

export interface Config extends SubgraphConfig {
  /** Where the payment provider is. */
  SANDBOX_URL: string;
  /** Our account with the payment provider. */
  PAYMENTS_MERCHANT: string;
  /** Proves us to the payment provider and its notifications to us. */
  PAYMENTS_SECRET: string;
  /**
   * 32 bytes, base64url: the secrets of guests are derived from it. Without it, from a key that is derived from
   * PAYMENTS_SECRET; set it before that one is changed, else guests who ask once more are not known again.
   */
  GUEST_TOKEN_KEY?: string | undefined;
  /** Where the provider's notifications go; by default this process's own address. */
  NOTIFY_URL?: string | undefined;
  /** The largest gift, in minor units; a campaign keeps the limit with which it went live. */
  MAX_GIFT_MINOR: bigint;
  /** Gifts that this process works on at once; more are told to come back. */
  MAX_GIFTS_IN_FLIGHT: number;
  /** A capture without an answer for so long has an unknown outcome. */
  CAPTURE_TIMEOUT_MS: number;
  /** How old a gift without an outcome is when the sweep asks the provider about it. */
  SWEEP_AFTER_SECONDS: number;
  /** How old it is when a provider that has never heard of it settles the matter. */
  ABANDON_AFTER_SECONDS: number;
  /** How often the sweep looks; 0 leaves it to others. */
  SWEEP_EVERY_SECONDS: number;
  /** Keeps insurance away from personal help altogether. */
  HELP_ISOLATION: 'on' | 'off';
}

const configSchema = z.object({
  ...subgraphSettings,
  SANDBOX_URL: z.url(),
  PAYMENTS_MERCHANT: z.string().min(1).default('campaigns'),
  PAYMENTS_SECRET: z.string().min(16, 'expected 16 characters or more'),
  GUEST_TOKEN_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64url').length === 32, 'expected 32 bytes in base64url')
    .optional(),
  NOTIFY_URL: z.url().optional(),
  MAX_GIFT_MINOR: z.coerce.bigint().min(1n).max(999_999_999_999n).default(5_000_000n),
  MAX_GIFTS_IN_FLIGHT: z.coerce.number().int().min(1).default(4_096),
  CAPTURE_TIMEOUT_MS: z.coerce.number().int().min(50).default(5_000),
  // Below it an insert could still be under way that the scan has passed by.
  SWEEP_AFTER_SECONDS: z.coerce.number().int().min(15).default(30),
  ABANDON_AFTER_SECONDS: z.coerce.number().int().min(60).default(900),
  SWEEP_EVERY_SECONDS: z.coerce.number().int().min(0).default(5),
  HELP_ISOLATION: z.enum(['on', 'off']).default('off'),
});

/** The only place that reads the environment. */
export function readCampaignsConfig(): Config {
  return refuseSandboxInProduction(readConfig(configSchema, process.env));
}

/** The one setting that the seed needs. */
export function readMaxGiftMinor(): bigint {
  return readConfig(configSchema.pick({ MAX_GIFT_MINOR: true }), process.env).MAX_GIFT_MINOR;
}
