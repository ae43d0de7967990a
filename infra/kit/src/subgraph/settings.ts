import { z } from 'zod';
import { hopKeys } from '../hop/signature.ts';
import { ConfigError, json, serviceSettings, urlMap } from '../service/config.ts';

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });

/** What every subgraph reads from its environment; each adds its own. */
export const subgraphSettings = {
  ...serviceSettings,
  /** With the subgraph's application role: no DDL. */
  DATABASE_URL: z.url(),
  MAX_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(10),
  STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(100).default(5_000),
  LOCK_TIMEOUT_MS: z.coerce.number().int().min(50).default(2_000),
  /** Without it everything still works, only slower. */
  REDIS_URL: z.url().optional(),
  HOP_KEYS: hopKeys,
  /** Public keys of the gateway's assertions. */
  ASSERTION_JWKS: json(jwks),
  /** Subgraphs whose feeds this one consumes. */
  PEER_URLS: urlMap.default({}),
};

const subgraphSchema = z.object(subgraphSettings);
export type SubgraphConfig = z.infer<typeof subgraphSchema>;

/**
 * Gives the settings back, unless they would have a service in production ask the sandbox, which imitates providers and
 * tells everybody what was sent to whom.
 * @throws ConfigError with what to do.
 */
export function refuseSandboxInProduction<Config extends { NODE_ENV: string; SANDBOX_URL: string }>(
  config: Config,
): Config {
  if (config.NODE_ENV !== 'production') return config;
  throw new ConfigError(
    'The settings are not usable:\n  SANDBOX_URL: the sandbox imitates providers and is not for production; unset NODE_ENV=production or configure real providers',
  );
}
