import { createLimiter } from '@banyan/kit/cache';
import type { Database as OpenDatabase } from '@banyan/kit/database';
import { createSubgraph, followPeers, openParts, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import { peers } from './consumers/peers.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { createLoaders } from './loaders.ts';
import { schema } from './schema.ts';

const dayInSeconds = 24 * 60 * 60;

export interface CirclesApp extends Subgraph {
  readonly database: OpenDatabase<Database>;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): CirclesApp {
  const parts = openParts<Database>('circles', config);
  const { database, redis } = parts;
  const services: Services = {
    db: database.db,
    limits: {
      circles: createLimiter({
        redis,
        prefix: 'circles:circles:',
        maxAttempts: 20,
        windowSeconds: dayInSeconds,
      }),
      posts: createLimiter({ redis, prefix: 'circles:posts:', maxAttempts: 60, windowSeconds: 600 }),
      joins: createLimiter({ redis, prefix: 'circles:joins:', maxAttempts: 60, windowSeconds: 600 }),
    },
    ...overrides,
  };

  const subgraph = createSubgraph({
    name: 'circles',
    config,
    parts,
    schema,
    consumers: followPeers(config, parts, peers),
    createContext: (base) => ({
      ...base,
      ...services,
      loaders: createLoaders(services.db, base.caller.subject),
    }),
    async stop() {},
  });
  return { ...subgraph, database };
}
