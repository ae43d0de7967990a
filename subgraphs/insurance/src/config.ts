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
  /** Where the provider's notifications go; by default this process's own address. */
  NOTIFY_URL?: string | undefined;
  /** A call of the provider without an answer for so long has an unknown outcome. */
  PAYMENT_TIMEOUT_MS: number;
  /** How often payments and refunds without an outcome are asked about; 0 leaves it to others. */
  SWEEP_EVERY_SECONDS: number;
}

const configSchema = z.object({
  ...subgraphSettings,
  SANDBOX_URL: z.url(),
  PAYMENTS_MERCHANT: z.string().min(1).default('insurance'),
  PAYMENTS_SECRET: z.string().min(16, 'expected 16 characters or more'),
  NOTIFY_URL: z.url().optional(),
  PAYMENT_TIMEOUT_MS: z.coerce.number().int().min(50).default(5_000),
  SWEEP_EVERY_SECONDS: z.coerce.number().int().min(0).default(10),
});

/** The only place that reads the environment. */
export function readInsuranceConfig(): Config {
  return refuseSandboxInProduction(readConfig(configSchema, process.env));
}
