import type { Database as OpenDatabase } from '@banyan/kit/database';
import { createJobs, repeat } from '@banyan/kit/jobs';
import { sendJson } from '@banyan/kit/service';
import { createSubgraph, followPeers, openParts, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import { peers } from './consumers/peers.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { createAccessTokens } from './domain/access-tokens.ts';
import { createFieldCipher } from './domain/field-cipher.ts';
import { lookAtRealName, lookTask } from './domain/look-at-real-name.ts';
import { createVerifyApiKeyRoute } from './http/verify-api-key-route.ts';
import { purgeSessions } from './domain/purge-sessions.ts';
import { createTrustClock } from './jobs/trust-clock.ts';
import { createLimits } from './limits.ts';
import { createLoaders } from './loaders.ts';
import { createHttpEkycProvider } from './providers/ekyc.ts';
import { createHttpSmsProvider } from './providers/sms.ts';
import { schema } from './schema.ts';

/** How often what is left of ended sessions is taken away. */
const purgePauseMs = 60 * 60 * 1_000;

export interface UsersApp extends Subgraph {
  readonly database: OpenDatabase<Database>;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export async function createApp(config: Config, overrides: Partial<Services> = {}): Promise<UsersApp> {
  const parts = openParts<Database>('users', config);
  const { log, database, redis } = parts;
  const services: Services = {
    db: database.db,
    accessTokens: await createAccessTokens(config.ACCESS_TOKEN_KEY, config.ACCESS_TOKEN_OTHER_KEYS.keys),
    cipher: createFieldCipher(Buffer.from(config.FIELD_KEY, 'base64url')),
    limits: createLimits(redis),
    sms: createHttpSmsProvider({ url: config.SANDBOX_URL }),
    ekyc: createHttpEkycProvider({ url: config.SANDBOX_URL }),
    realNameLookMs: 5_000,
    now: () => new Date(),
    ...overrides,
  };

  const jobs = createJobs({
    url: config.DATABASE_URL,
    tasks: { [lookTask]: (payload) => lookAtRealName(services, payload) },
    log,
  });
  const trustClock = createTrustClock(services, log);
  const purge = repeat({ round: () => purgeSessions(services), pauseMs: purgePauseMs, log });

  const subgraph = createSubgraph({
    name: 'users',
    config,
    parts,
    schema,
    consumers: followPeers(config, parts, peers),
    createContext: (base) => ({
      ...base,
      ...services,
      loaders: createLoaders(services.db, base.caller.subject, services.now),
    }),
    routes: {
      'GET /.well-known/jwks.json': (_request, response) => {
        sendJson(response, 200, services.accessTokens.jwks, { 'cache-control': 'max-age=300' });
      },
      'POST /api-keys/verify': createVerifyApiKeyRoute(services, { hopKeys: config.HOP_KEYS, log }),
    },
    start() {
      jobs.start();
      trustClock.start();
      purge.start();
      return Promise.resolve();
    },
    async stop() {
      await Promise.all([jobs.stop(), trustClock.stop(), purge.stop()]);
    },
  });
  return { ...subgraph, database };
}
