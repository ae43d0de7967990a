import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import { readSeedDay } from './config.ts';
import type { Database } from './db/database.ts';
import { seedAll } from './seed/seed-all.ts';

await runSeed<Database>('insurance', (db) => seedAll(db, seedDay(readSeedDay())));
