import { hopKeys } from '@banyan/kit/hop';
import { json, readConfig, serviceSettings, urlLists } from '@banyan/kit/service';
import { z } from 'zod';
import { defaultLimits, type Limits } from './limits/limits.ts';
import { liveSettings } from './live/settings.ts';
import { quotaSettings, quotaShape, type QuotaSettings } from './quotas/settings.ts';

const repository = new URL('../../', import.meta.url);
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const limit = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const originList = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter(Boolean))
  .refine(
    (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'expected origins such as https://banyan.example, by commas',
  );

/** Every setting; docs/for-operators.md says what each is for. */
export const settings = z.object({
  ...serviceSettings,
  /** Where metrics and the readiness checks are, for operators alone. */
  ADMIN_HOST: z.string().default('127.0.0.1'),
  ADMIN_PORT: serviceSettings.PORT.default(4_990),
  ...liveSettings,
  SUPERGRAPH_PATH: z.string().default(new URL('schema/supergraph.graphql', repository).pathname),
  /** How often the file is looked at for another supergraph. */
  SUPERGRAPH_POLL_MS: limit(2_000),
  /** Folder of example operations that the explorer offers. */
  OPERATIONS_PATH: z.string().default(new URL('schema/operations', repository).pathname),
  /** What is done with operations that are not in the manifest: docs/operations.md. */
  PERSISTED_OPERATIONS: z.enum(['off', 'log', 'prefer', 'enforce']).default('prefer'),
  OPERATIONS_MANIFEST: z.string().default(new URL('schema/manifest.json', repository).pathname),
  /** Automatic persisted queries, and the memory for them. */
  APQ: onOff.default(true),
  APQ_MAX_BYTES: limit(8 * 1_024 * 1_024),
  /** The longest that proxies may keep what is the same for everybody, asked for by GET and id; 0: not at all. */
  CDN_MAX_AGE_SECONDS: z.coerce.number().int().min(0).max(3_600).default(10),
  /** A subgraph that is named several times has as many processes. */
  SUBGRAPH_URLS: urlLists,
  /** Processes that take the mutations of their subgraph and nothing else; without any they go where all goes. */
  MUTATION_URLS: urlLists.default({}),
  /** Whether callers see what their contract shows; everybody sees the whole graph where not. */
  CONTRACTS: onOff.default(true),
  HOP_KEYS: hopKeys,
  /** Without it the gateways do not share copies and budgets. */
  REDIS_URL: z.url().optional(),
  CACHE: onOff.default(true),
  /** Memory for copies of what is the same for everybody. */
  CACHE_MAX_BYTES: limit(64 * 1_024 * 1_024),
  ASSERTION_KEY: json(
    z.looseObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      kid: z.string().min(1),
      x: z.string(),
      d: z.string(),
    }),
  ),
  ACCESS_TOKEN_JWKS_URL: z.url(),
  /** Where API keys are looked up; where the keys of access tokens are, unless it says otherwise. */
  API_KEYS_URL: z.url().optional(),
  INTROSPECTION: onOff.default(false),
  EXPLORER: onOff.default(false),
  MAX_DEADLINE_MS: limit(10_000),
  HOP_TIMEOUT_MS: limit(8_000),
  /** To each process of a subgraph. */
  MAX_HOP_CONNECTIONS: limit(100),
  /** Operations that may wait for one subgraph, or for its processes for mutations. */
  MAX_WAITING_OPERATIONS: limit(4_000),
  /** How long a read is to take in a subgraph; while many take longer, fewer are let through to it. */
  READ_OBJECTIVE_MS: limit(500),
  /** The most operations that are executed at once. */
  MAX_IN_FLIGHT: limit(4_000),
  /** Lag of the event loop above which fewer reads are let in; gifts bear twice as much. */
  MAX_LOOP_LAG_MS: limit(100),
  /** Operations of one lane that may wait to be let in, and how long. */
  MAX_QUEUED: limit(128),
  MAX_QUEUE_MS: limit(100),
  MAX_BODY_BYTES: limit(defaultLimits.maxBodyBytes),
  MAX_TOKENS: limit(defaultLimits.maxTokens),
  MAX_DEPTH: limit(defaultLimits.maxDepth),
  MAX_FIELDS: limit(defaultLimits.maxFields),
  MAX_ALIASES: limit(defaultLimits.maxAliases),
  MAX_ROOT_FIELDS: limit(defaultLimits.maxRootFields),
  MAX_DIRECTIVES: limit(defaultLimits.maxDirectives),
  MAX_FRAGMENTS: limit(defaultLimits.maxFragments),
  MAX_PAGE_SIZE: limit(defaultLimits.maxPageSize),
  MAX_LIST_ITEMS: limit(defaultLimits.maxListItems),
  MAX_COST: limit(defaultLimits.maxCost),
  ...quotaShape,
  /** Origins whose pages may ask, by commas. */
  CORS_ORIGINS: originList,
  /** How long browsers are to insist on TLS; 0 where there is none in front of the edge. */
  HSTS_MAX_AGE_SECONDS: z.coerce.number().int().min(0).default(0),
});

export interface Config extends z.infer<typeof settings> {
  limits: Limits;
  quotas: QuotaSettings;
}

/**
 * The edge's settings.
 * @throws ConfigError that names each wrong variable.
 */
export function configFrom(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const config = readConfig(settings, env);
  const limits: Limits = {
    maxBodyBytes: config.MAX_BODY_BYTES,
    maxTokens: config.MAX_TOKENS,
    maxDepth: config.MAX_DEPTH,
    maxFields: config.MAX_FIELDS,
    maxAliases: config.MAX_ALIASES,
    maxRootFields: config.MAX_ROOT_FIELDS,
    maxDirectives: config.MAX_DIRECTIVES,
    maxFragments: config.MAX_FRAGMENTS,
    maxPageSize: config.MAX_PAGE_SIZE,
    maxListItems: config.MAX_LIST_ITEMS,
    maxCost: config.MAX_COST,
  };
  return { ...config, limits, quotas: quotaSettings(config, limits) };
}
