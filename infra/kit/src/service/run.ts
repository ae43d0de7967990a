import closeWithGrace from 'close-with-grace';
import { ConfigError } from './config.ts';
import type { Logger } from './logger.ts';

/** What a program runs: its address once it listens, and how it ends. */
export interface RunningApp {
  log: Logger;
  start(): Promise<{ url: string }>;
  /** For how long `stop` takes everything before it begins to end, in milliseconds. */
  drainMs?: number;
  /** Called on SIGHUP, upon which an app without it is stopped. */
  reload?: () => void;
  stop(): Promise<void>;
}

/** How long an app may take to end once it has drained; running requests get less than that. */
const defaultPatienceMs = 15_000;

/**
 * Starts an app and stops it on SIGINT, SIGTERM or a failure that nobody caught; on SIGHUP only one that cannot reload.
 * Settings that are not usable end the process with code 2 and a readable message; any other failure to start ends it with
 * code 1. One that does not end within `patienceMs` after its drain is ended with code 1.
 */
export async function run(
  create: () => RunningApp | Promise<RunningApp>,
  { patienceMs = defaultPatienceMs }: { patienceMs?: number } = {},
): Promise<void> {
  let app: RunningApp;
  try {
    app = await create();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    // What was opened before the mistake was found, such as a connection to Redis, would keep the process alive.
    process.exit(2);
  }
  const delay = (app.drainMs ?? 0) + patienceMs;
  const { reload } = app;
  if (reload !== undefined) process.on('SIGHUP', reload);
  const skip = reload === undefined ? [] : ['SIGHUP' as const];
  closeWithGrace({ delay, logger: false, skip }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'stopping after a failure');
    else app.log.info({ signal }, 'stopping');
    await app.stop();
  });
  const { url } = await app.start();
  app.log.info({ url }, 'listening');
}
