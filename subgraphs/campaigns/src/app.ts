import type { Database as OpenDatabase } from '@banyan/kit/database';
import { createSubgraph, followPeers, openParts, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import { peers } from './consumers/peers.ts';
import type { Context, Services } from './context.ts';
import type { Database } from './db/database.ts';
import { sweep } from './domain/sweep.ts';
import { createLoaders } from './loaders.ts';
import { createNotificationRoute } from './routes/payment-notifications.ts';
import { repeat } from '@banyan/kit/jobs';
import { schema } from './schema.ts';
import { closeServices, createServices } from './services.ts';

/** The subgraph, and what tests look at. */
export interface CampaignsApp extends Subgraph {
  readonly services: Services;
  readonly database: OpenDatabase<Database>;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): CampaignsApp {
  const parts = openParts<Database>('campaigns', config);
  const { log, database } = parts;
  let notifyUrl = config.NOTIFY_URL ?? '';
  const services: Services = {
    ...createServices(config, parts, () => notifyUrl),
    ...overrides,
  };
  const sweeping = repeat({ round: () => sweep(services), pauseMs: config.SWEEP_EVERY_SECONDS * 1_000, log });

  const subgraph = createSubgraph({
    name: 'campaigns',
    config,
    parts,
    schema,
    createContext: (base): Context => ({ ...services, ...base, loaders: createLoaders(services.db) }),
    consumers: followPeers(config, parts, peers),
    routes: { 'POST /payments/notifications': createNotificationRoute(services) },
    async stop() {
      await sweeping.stop();
      await closeServices(services);
    },
  });
  return {
    ...subgraph,
    services,
    database,
    async start() {
      const at = await subgraph.start();
      notifyUrl ||= `${at.url}/payments/notifications`;
      if (config.SWEEP_EVERY_SECONDS > 0) sweeping.start();
      return at;
    },
  };
}
