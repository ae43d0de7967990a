import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import { readMaxGiftMinor } from './config.ts';
import type { Database } from './db/database.ts';
import { seedAll } from './seed/seed-all.ts';

await runSeed<Database>('campaigns', (db, day) =>
  seedAll(db, { maxGiftMinor: readMaxGiftMinor(), day: seedDay(day) }),
);
