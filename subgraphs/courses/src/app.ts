import { createLimiter, versionedCache } from '@banyan/kit/cache';
import type { Database as OpenDatabase } from '@banyan/kit/database';
import type { Jobs } from '@banyan/kit/jobs';
import { createSubgraph, openParts, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { createLiveChanges } from './domain/live-changes.ts';
import { hotSearchCodec } from './domain/read-hot-search.ts';
import { createHotSearchJobs } from './jobs/hot-search.ts';
import { createLoaders } from './loaders.ts';
import { schema } from './schema.ts';

/** The subgraph, and what tests look into. */
export interface CoursesApp extends Subgraph {
  readonly database: OpenDatabase<Database>;
  readonly services: Services;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(
  config: Config,
  overrides: Partial<Services> & { jobs?: Pick<Jobs, 'start' | 'stop'> } = {},
): CoursesApp {
  const parts = openParts<Database>('courses', config);
  const { log, database, redis, wakeUps } = parts;
  const { jobs: givenJobs, ...replaced } = overrides;
  const services: Services = {
    db: database.db,
    now: () => new Date(),
    limits: {
      posts: createLimiter({ redis, prefix: 'courses:posts:', maxAttempts: 30, windowSeconds: 600 }),
      comings: createLimiter({ redis, prefix: 'courses:comings:', maxAttempts: 60, windowSeconds: 600 }),
    },
    hotSearchCopies: versionedCache({
      redis,
      prefix: 'courses:hot-search:1:',
      ttlSeconds: 120,
      ...hotSearchCodec,
    }),
    changes: createLiveChanges({ db: database.db, bell: wakeUps, log }),
    ...replaced,
  };
  const jobs = givenJobs ?? createHotSearchJobs({ url: config.DATABASE_URL, services, log });

  const subgraph = createSubgraph({
    name: 'courses',
    config,
    parts,
    schema,
    createContext: (base) => ({
      ...base,
      ...services,
      loaders: createLoaders(services.db, base.caller.subject),
    }),
    async start() {
      jobs.start();
    },
    async stop() {
      services.changes.close();
      await jobs.stop();
    },
  });
  return { ...subgraph, database, services };
}
