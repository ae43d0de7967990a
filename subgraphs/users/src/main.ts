import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { readUsersConfig } from './config.ts';

await run(() => createApp(readUsersConfig()));
