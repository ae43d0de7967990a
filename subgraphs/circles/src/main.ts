import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { readCirclesConfig } from './config.ts';

await run(() => createApp(readCirclesConfig()));
