import type { Ground } from './ground.ts';
import { keepPostgres, keepRedis } from './stores.ts';
import type { Supervisor } from './supervisor.ts';
import type { SystemOptions } from './system-options.ts';

/** Where the stores are. */
export interface Stores {
  readonly adminUrl: string;
  readonly redisUrl: string | undefined;
  /** What a person should know, such as a missing Redis. */
  readonly notes: readonly string[];
}

/** PostgreSQL and Redis side by side; what is up is in the supervisor's care even if the other one fails. */
export async function startStores(
  options: SystemOptions,
  ground: Ground,
  supervisor: Supervisor,
): Promise<Stores> {
  async function postgres(): Promise<string> {
    if (options.databaseUrl !== undefined) return options.databaseUrl;
    const server = { fsync: options.fsync ?? true, settings: options.postgres?.settings ?? {} };
    const { url, kept } = await keepPostgres(ground, server, supervisor.events);
    supervisor.keep('postgres', kept);
    return url;
  }
  async function redis(): Promise<{ url: string | undefined; note?: string }> {
    if (options.redisUrl !== undefined) return { url: options.redisUrl ?? undefined };
    const store = await keepRedis(ground, supervisor.events);
    if ('note' in store) return { url: undefined, note: store.note };
    supervisor.keep('redis', store.kept);
    return { url: store.url };
  }
  const [admin, cache] = await Promise.allSettled([postgres(), redis()]);
  if (admin.status === 'rejected') throw admin.reason;
  if (cache.status === 'rejected') throw cache.reason;
  const { url, note } = cache.value;
  return { adminUrl: admin.value, redisUrl: url, notes: note === undefined ? [] : [note] };
}
