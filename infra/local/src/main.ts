import { helpText, readStartArguments } from './arguments.ts';
import { greetingOf } from './greeting.ts';
import { createLinePrinter } from './line-printer.ts';
import { explain } from './local-problem.ts';
import { banyanPrograms, defaultBasePort, defaultDataDir, startSystem } from './system.ts';

const { env, stdout, stderr } = process;
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopped.abort();
  });
}
// Whoever reads our output may leave before us (`npm start | head`).
stdout.on('error', () => {
  stopped.abort();
});

try {
  const given = readStartArguments(process.argv.slice(2), defaultBasePort);
  if (given.help) stdout.write(helpText);
  else await serve(given);
} catch (error) {
  if (!stopped.signal.aborted) {
    const { message, advice } = explain(error);
    stderr.write(`\nbanyan: ${message}\n        ${advice}\n`);
    process.exitCode = 1;
  }
}

/** Starts the system and keeps it up until a signal comes. */
async function serve(given: ReturnType<typeof readStartArguments>): Promise<void> {
  const isColored = stdout.isTTY && !env['NO_COLOR'];
  const print = createLinePrinter((text) => stdout.write(text), isColored);
  const level: Record<string, string> = env['LOG_LEVEL'] ? { LOG_LEVEL: env['LOG_LEVEL'] } : {};
  print('banyan', 'starting');
  const system = await startSystem({
    dataDir: defaultDataDir,
    basePort: given.basePort,
    fresh: given.fresh,
    seed: given.seed,
    programs: banyanPrograms(given.processes),
    databaseUrl: env['DATABASE_URL'] || undefined,
    redisUrl: env['REDIS_URL'] || undefined,
    settings: { '*': level },
    environment: env,
    log: print,
    signal: stopped.signal,
  });
  stdout.write(greetingOf(system));
  if (!stopped.signal.aborted) {
    // A signal alone does not keep the process alive, the children's pipes do.
    await new Promise((resolve) => {
      stopped.signal.addEventListener('abort', resolve, { once: true });
    });
  }
  print('banyan', 'stopping');
  await system.stop();
  print('banyan', 'stopped');
}
