import { runSeed } from '@banyan/kit/subgraph';
import { seedDay } from '@banyan/seed';
import type { Database } from './db/database.ts';
import { seedCourses } from './seed/seed-courses.ts';

await runSeed<Database>('courses', (db, day) => seedCourses(db, seedDay(day)));
