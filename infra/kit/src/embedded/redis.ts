import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.ts';
import { LOOPBACK, assertPortIsFree, findFreePort, portBusy } from './port.ts';
import { startServerProcess } from './server-process.ts';
import type { ProcessExit, ServerProcess } from './server-process.ts';

/** What to start. */
export interface RedisOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  readonly maxMemoryMib?: number;
  /** Number of logical databases. Default 16. */
  readonly databases?: number;
  /** The program, looked for on PATH. Default `redis-server`. */
  readonly command?: string;
  readonly onLog?: (line: string) => void;
}

/** A running Redis that accepts connections. It keeps nothing on disk. */
export interface RedisServer {
  readonly kind: 'server';
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server process is gone, by `stop` or by itself; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the server and settles when it is gone; may be called more than once. */
  stop(): Promise<void>;
}

/** This machine has no Redis. Nothing is wrong: everything works without it, only slower. */
export interface RedisMissing {
  readonly kind: 'missing';
  /** One line for a person. */
  readonly message: string;
  /** One line that says how to get it. */
  readonly advice: string;
}

const START_TIMEOUT_MS = 10_000;
const MAX_PORT_ATTEMPTS = 5;

/**
 * Starts the `redis-server` of PATH on 127.0.0.1 and settles when it accepts connections, or says that the machine has none.
 * Throws `EmbeddedError` PORT_BUSY or START_FAILED.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer | RedisMissing> {
  const wanted = options.port ?? 0;
  if (wanted !== 0) await assertPortIsFree(wanted, 'Redis');
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    try {
      return describe(await launch(options, port), port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing();
      const isRace = error instanceof EmbeddedError && error.code === 'PORT_BUSY' && wanted === 0;
      if (!isRace || attempt >= MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

async function launch(options: RedisOptions, port: number): Promise<ServerProcess> {
  const server = await startServerProcess({
    command: options.command ?? 'redis-server',
    args: settingsOf(options, port),
    readyPattern: /ready to accept connections/i,
    leashSignal: 'TERM',
    onLog: options.onLog,
  });
  const timeout = delay(START_TIMEOUT_MS, null, { ref: false });
  if (await Promise.race([server.ready, timeout])) return server;
  await server.stop(['SIGTERM']);
  const output = server.output.join('\n');
  if (/Address already in use/i.test(output)) throw portBusy(port, 'Redis', 'address already in use');
  throw new EmbeddedError(
    'START_FAILED',
    `Redis did not start: ${server.output.at(-1)?.trim() ?? 'no output'}`,
    'Try "redis-server --version" by hand; without Redis everything works, only slower.',
  );
}

function settingsOf(options: RedisOptions, port: number): string[] {
  const settings: Record<string, string> = {
    bind: LOOPBACK,
    port: String(port),
    dir: tmpdir(),
    databases: String(options.databases ?? 16),
    save: '',
    appendonly: 'no',
    maxmemory: `${options.maxMemoryMib ?? 256}mb`,
    'maxmemory-policy': 'allkeys-lru',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

function describe(server: ServerProcess, port: number): RedisServer {
  return {
    kind: 'server',
    url: `redis://${LOOPBACK}:${port}`,
    port,
    pid: server.pid,
    exited: server.exited,
    stop: async () => server.stop(['SIGTERM']),
  };
}

function missing(): RedisMissing {
  return {
    kind: 'missing',
    message: 'redis-server is not on PATH: hot reads are not shared between processes, all else works.',
    advice:
      process.platform === 'darwin'
        ? 'Get it with "brew install redis", or set REDIS_URL.'
        : 'Get it with "apt-get install redis-server" (Debian, Ubuntu), or set REDIS_URL.',
  };
}
