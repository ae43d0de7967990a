import { startPostgres, startRedis } from '@banyan/kit/embedded';
import { keepRunning } from './keep-running.ts';
import type { Kept } from './keep-running.ts';
import type { Ground } from './ground.ts';

/** A store that we keep running, and where it is. */
export interface Store {
  readonly url: string;
  readonly kept: Kept;
}

/** How the stores talk to the supervisor. */
export interface StoreEvents {
  readonly log: (source: string, line: string) => void;
  readonly onChange: () => void;
}

/** Starts the embedded PostgreSQL on the data of the ground. Throws `EmbeddedError`. */
export async function keepPostgres(
  ground: Ground,
  server: { readonly fsync: boolean; readonly settings: Readonly<Record<string, string>> },
  events: StoreEvents,
): Promise<Store> {
  const start = async () =>
    startPostgres({
      dataDir: ground.postgresFolder,
      port: ground.ports.get('postgres') ?? 0,
      password: ground.secrets.postgresPassword,
      ...server,
      onLog: (line) => {
        events.log('postgres', line);
      },
    });
  const first = await start();
  const kept = keepRunning({
    name: 'postgres',
    first,
    restart: start,
    log: (line) => {
      events.log('banyan', line);
    },
    onChange: events.onChange,
  });
  return { url: first.url, kept };
}

/** Starts the Redis of this machine, or notes that there is none. Throws `EmbeddedError`. */
export async function keepRedis(ground: Ground, events: StoreEvents): Promise<Store | { note: string }> {
  const start = async () =>
    startRedis({
      port: ground.ports.get('redis') ?? 0,
      onLog: (line) => {
        events.log('redis', line);
      },
    });
  const first = await start();
  if (first.kind === 'missing') return { note: `${first.message} ${first.advice}` };
  const kept = keepRunning({
    name: 'redis',
    first,
    restart: async () => {
      const again = await start();
      if (again.kind === 'missing') throw new Error(again.message);
      return again;
    },
    log: (line) => {
      events.log('banyan', line);
    },
    onChange: events.onChange,
  });
  return { url: first.url, kept };
}
