import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { configFrom } from './config.ts';

await run(() => createApp(configFrom()));
