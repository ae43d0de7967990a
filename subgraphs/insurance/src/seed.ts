import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import type { Database } from './db/database.ts';
import { seedAll } from './seed/seed-all.ts';

await runSeed<Database>('insurance', (db, day) => seedAll(db, seedDay(day)));
