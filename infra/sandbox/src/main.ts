import { createLogger, run } from '@banyan/kit/service';
import { readSandboxConfig } from './config.ts';
import { createSandbox } from './sandbox.ts';

await run(() => {
  const config = readSandboxConfig();
  return createSandbox({
    port: config.PORT,
    host: config.HOST,
    merchants: config.MERCHANTS,
    dataDir: config.DATA_DIR,
    publicUrl: config.PUBLIC_URL,
    log: createLogger({ service: 'sandbox', level: config.LOG_LEVEL }),
  });
});
