import { run } from '@banyan/kit/service';
import { createApp } from './app.ts';
import { readInsuranceConfig } from './config.ts';

await run(() => createApp(readInsuranceConfig()));
