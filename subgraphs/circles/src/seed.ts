import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import type { Database } from './db/database.ts';
import { seedCircles } from './seed/seed-circles.ts';

await runSeed<Database>('circles', (db, day) =>
  db.transaction().execute((trx) => seedCircles(trx, seedDay(day))),
);
