import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { readCampaignsConfig } from './config.ts';

await run(() => createApp(readCampaignsConfig()));
