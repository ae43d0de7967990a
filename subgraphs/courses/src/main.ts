import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { readCoursesConfig } from './config.ts';

await run(() => createApp(readCoursesConfig()));
