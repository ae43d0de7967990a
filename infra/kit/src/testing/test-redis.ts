import { createClient } from 'redis';
import { describe, inject } from 'vitest';
import './provided-context.ts';

/** Whether this run has a Redis. */
export function hasRedis(): boolean {
  return inject('banyanRedisUrl') !== null;
}

/** `describe` for tests that need Redis: skipped, and shown as skipped, on a machine without it. */
export function describeWithRedis(name: string, tests: () => void): void {
  describe.skipIf(!hasRedis())(name, tests);
}

/** The URL of an empty Redis database that no other test file of the run has been given. */
export async function testRedis(): Promise<string> {
  const serverUrl = inject('banyanRedisUrl');
  if (serverUrl === null) throw new Error('this machine has no Redis: use describeWithRedis');
  const client = createClient({ url: serverUrl });
  await client.connect();
  try {
    const { databases } = await client.configGet('databases');
    const taken = await client.incr('banyan:test:databases');
    // Number 0 holds the counter.
    const number = 1 + ((taken - 1) % (Number(databases ?? 16) - 1));
    await client.select(number);
    await client.flushDb();
    const url = new URL(serverUrl);
    url.pathname = `/${number}`;
    return url.href;
  } finally {
    await client.close();
  }
}
