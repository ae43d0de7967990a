import { runMigrations } from '@banyan/kit/subgraph';
import { migrations } from './db/migrations/migrations.ts';

await runMigrations('insurance', migrations);
