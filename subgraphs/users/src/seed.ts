import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import { readFieldKey } from './config.ts';
import type { Database } from './db/database.ts';
import { createFieldCipher } from './domain/field-cipher.ts';
import { seedAll } from './seed/seed-all.ts';

await runSeed<Database>('users', (db, day) =>
  db.transaction().execute((trx) => seedAll(trx, createFieldCipher(readFieldKey()), seedDay(day))),
);
