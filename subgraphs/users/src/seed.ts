import { runSeed } from '@banyan/kit/subgraph';
import { readFieldKey } from './config.ts';
import type { Database } from './db/database.ts';
import { createFieldCipher } from './domain/field-cipher.ts';
import { seedPeople } from './seed/people.ts';

await runSeed<Database>('users', (db) => seedPeople(db, createFieldCipher(readFieldKey())));
