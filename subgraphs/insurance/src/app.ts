import { createLimiter } from '@banyan/kit/cache';
import type { Database as OpenDatabase } from '@banyan/kit/database';
import { createSubgraph, followPeers, openParts, type Subgraph } from '@banyan/kit/subgraph';
import { createHttpPaymentProvider } from '@banyan/payments';
import type { Config } from './config.ts';
import { peers } from './consumers/peers.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { notificationRoute } from './domain/payments/receive-notification.ts';
import { sweepPayments } from './domain/payments/sweep.ts';
import { createLoaders } from './loaders.ts';
import { repeat } from '@banyan/kit/jobs';
import { schema } from './schema.ts';

/** The subgraph, and what tests look into. */
export interface App extends Subgraph {
  readonly database: OpenDatabase<Database>;
  readonly services: Services;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): App {
  const parts = openParts<Database>('insurance', config);
  const { log, database, redis } = parts;
  const services: Services = {
    db: database.db,
    now: () => new Date(),
    log,
    limits: {
      quotes: createLimiter({ redis, prefix: 'insurance:quotes:', maxAttempts: 60, windowSeconds: 600 }),
      aid: createLimiter({ redis, prefix: 'insurance:aid:', maxAttempts: 60, windowSeconds: 600 }),
    },
    provider: createHttpPaymentProvider({
      url: config.SANDBOX_URL,
      merchant: config.PAYMENTS_MERCHANT,
      secret: config.PAYMENTS_SECRET,
      timeoutMs: config.PAYMENT_TIMEOUT_MS,
    }),
    notifyUrl: () => config.NOTIFY_URL ?? `http://${config.HOST}:${config.PORT}/payments/notifications`,
    ...overrides,
  };

  const sweep = repeat({
    round: () => sweepPayments(services),
    pauseMs: config.SWEEP_EVERY_SECONDS * 1_000,
    log,
  });

  const subgraph = createSubgraph({
    name: 'insurance',
    config,
    parts,
    schema,
    consumers: followPeers(config, parts, peers),
    createContext: (base) => ({
      ...base,
      ...services,
      log: base.log,
      loaders: createLoaders(services.db, services.now),
    }),
    routes: { 'POST /payments/notifications': notificationRoute(services) },
    async start() {
      if (config.SWEEP_EVERY_SECONDS > 0) sweep.start();
    },
    async stop() {
      await sweep.stop();
      await services.provider.close();
    },
  });
  return { ...subgraph, database, services };
}
