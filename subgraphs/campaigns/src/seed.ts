import { runSeed } from '@banyan/kit/subgraph';
import { readSeedSettings } from './config.ts';
import type { Database } from './db/database.ts';
import { seedAll } from './seed/seed-all.ts';

await runSeed<Database>('campaigns', (db) => seedAll(db, readSeedSettings()));
