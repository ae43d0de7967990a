import { findFreePort, startRedis } from '@banyan/kit/embedded';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import fc from 'fast-check';
import { createClient } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { startLibraryEdges } from './support/library-edges.ts';
import { eventually, retitle, title, untilKept, versionIn } from './support/library-reads.ts';

/** Two gateways that keep copies, and the Redis that they share. */
async function startTwo() {
  const url = await testRedis();
  const edges = await startLibraryEdges({ edges: [{ REDIS_URL: url }, { REDIS_URL: url }] });
  await untilKept(edges);
  await untilKept(edges, 1);
  const redis = await createClient({ url }).connect();
  onTestFinished(() => redis.close());
  return { edges, redis };
}

describeWithRedis('several gateways', () => {
  test('share what one of them has read', async () => {
    const { edges } = await startTwo();
    const { library, ask } = edges;
    // The first reads something new; the second finds it in Redis.
    const query = '{ book(id: "bok_1") { title id } }';
    await eventually(async () => {
      await ask(query, { as: 'usr_1' });
      const before = library.asked.length;
      await ask(query, { as: 'usr_1', edge: 1 });
      return library.asked.length - before;
    }).toBe(0);
  });

  test('never go back: on each of them the versions only grow, while books change and Redis forgets (property)', async () => {
    const { edges, redis } = await startTwo();
    const seen = [0, 0];
    const step = fc.constantFrom('read 0', 'read 1', 'write', 'flush', 'read 0', 'read 1');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        for (const each of steps) {
          if (each === 'write') await retitle(edges, `title ${Math.random()}`);
          else if (each === 'flush') await redis.flushDb();
          else {
            const edge = Number(each.at(-1));
            const version = versionIn(await edges.ask(title, { edge }));
            expect(version).toBeGreaterThanOrEqual(seen[edge] ?? 0);
            seen[edge] = version;
          }
        }
      }),
      { numRuns: 20 },
    );
    const last = await retitle(edges, 'the end');
    for (const edge of [0, 1])
      await eventually(async () => versionIn(await edges.ask(title, { edge }))).toBe(last);
  });

  test('read anew where what lies in Redis is no copy', async () => {
    const { edges, redis } = await startTwo();
    const expiresAtMs = Date.now() + 60_000;
    const damaged = [
      '',
      '[]',
      ['999999999999.1', expiresAtMs, [null], {}],
      ['999999999999.1', expiresAtMs, ['a', 5], {}],
      ['999999999999.1', expiresAtMs, ['a'], '{}'],
      ['999999999999.1', expiresAtMs, ['a'], []],
    ];
    for (const [number, written] of damaged.entries()) {
      await redis.flushDb();
      const query = `{ book(id: "bok_1") { title damaged${number}: id } }`;
      await eventually(async () => {
        await edges.ask(query, { as: 'usr_1' });
        return (await redis.keys('edge:*')).length;
      }).toBeGreaterThan(0);
      for (const key of await redis.keys('edge:*'))
        await redis.set(key, typeof written === 'string' ? written : JSON.stringify(written));
      expect(await edges.ask(query, { as: 'usr_1', edge: 1 })).toEqual({
        data: { book: { title: 'One', [`damaged${number}`]: 'bok_1' } },
      });
    }
  });

  test('do not believe an old copy that somebody has put back into Redis', async () => {
    const { edges, redis } = await startTwo();
    await eventually(async () => (await redis.keys('edge:*')).length).toBeGreaterThan(0);
    const old = await Promise.all(
      (await redis.keys('edge:*')).map(async (key) => [key, await redis.get(key)] as const),
    );
    const version = await retitle(edges, 'Two');
    for (const edge of [0, 1])
      await eventually(async () => versionIn(await edges.ask(title, { edge }))).toBe(version);
    for (const [key, text] of old) await redis.set(key, text ?? '');
    const answers = await Promise.all(
      [0, 1].map((edge) => edges.ask('{ book(id: "bok_1") { version title } }', { edge })),
    );
    expect(answers.map(versionIn)).toEqual([version, version]);
  });

  test('answer as before while Redis is frozen, and after it is killed', async () => {
    const server = await startRedis({ port: await findFreePort(), onLog: () => undefined });
    if (server.kind === 'missing') throw new Error(server.message);
    onTestFinished(() => server.stop());
    const edges = await startLibraryEdges({ edges: [{ REDIS_URL: server.url }] });
    await untilKept(edges);
    process.kill(server.pid, 'SIGSTOP');
    const frozen = await retitle(edges, 'Two');
    await eventually(async () => versionIn(await edges.ask(title))).toBe(frozen);
    process.kill(server.pid, 'SIGKILL');
    const killed = await retitle(edges, 'Three');
    await eventually(async () => versionIn(await edges.ask(title))).toBe(killed);
  });
});
