import { startHoldingProxy } from '@banyan/kit/proxy';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startLibraryEdges, type LibraryAnswer } from './support/library-edges.ts';
import { eventually, retitle, title, untilKept, versionIn } from './support/library-reads.ts';

/** A gateway whose Redis is slow when the test says so, beside one to which the same Redis is quick. */
async function startBesideQuick() {
  const url = await testRedis();
  const proxy = await startHoldingProxy(url);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  // Where the machine is busy the edge turns requests away; that is not what is looked at here.
  const patient = { MAX_LOOP_LAG_MS: '10000', READ_OBJECTIVE_MS: '10000' };
  const edges = await startLibraryEdges({
    edges: [
      { ...patient, REDIS_URL: proxy.url },
      { ...patient, REDIS_URL: url },
    ],
  });
  await untilKept(edges);
  await untilKept(edges, 1);
  let asked = 0;
  let seen = 0;
  const wrong: LibraryAnswer[] = [];

  /** Reads at the slow gateway, and notes what fails and what is older than what was told before. */
  async function read(query: string, reader: { as?: string }): Promise<number> {
    const atLeast = seen;
    const answer = await edges.ask(query, reader);
    const version = versionIn(answer);
    if (answer.errors !== undefined || version < atLeast) wrong.push(answer);
    seen = Math.max(seen, version);
    return version;
  }

  /** A query of which the slow gateway has no copy, and the other one has put one into Redis. */
  async function keptByOther(): Promise<string> {
    asked += 1;
    const query = `{ book(id: "bok_1") { title version copy${asked}: title } }`;
    await edges.ask(query, { as: 'usr_1', edge: 1 });
    return query;
  }
  const readUnknown = async (reader: { as?: string }) => read(await keptByOther(), reader);
  return { edges, proxy, read, keptByOther, readUnknown, wrong };
}

const readers = Array.from({ length: 20 }, (_each, index) => (index % 2 === 0 ? { as: `usr_${index}` } : {}));

describeWithRedis('while Redis is slow', () => {
  test('every read is answered before it, and none is wrong when its words come late', async () => {
    const { edges, proxy, read, readUnknown, wrong } = await startBesideQuick();
    for (const name of ['Two', 'Three', 'Four']) {
      proxy.hold();
      // After a question that Redis has not answered it is left alone for a while.
      await eventually(async () => {
        await readUnknown({ as: 'usr_1' });
        return proxy.held;
      }).toBeGreaterThan(0);
      const version = await retitle(edges, name, 1);
      await Promise.all(readers.map(readUnknown));
      await eventually(() => read(title, {})).toBe(version);
      expect(proxy.held).toBeGreaterThan(0);
      proxy.release();
      await Promise.all(readers.map(readUnknown));
    }
    expect(wrong).toEqual([]);
  });

  test('it serves again as soon as it answers in time, and no old copy of it is believed', async () => {
    const { edges, proxy, read, keptByOther, readUnknown, wrong } = await startBesideQuick();
    const old = await keptByOther();
    proxy.hold();
    await eventually(async () => {
      await readUnknown({ as: 'usr_1' });
      return proxy.held;
    }).toBeGreaterThan(0);
    proxy.release();
    const misses = () => edges.metric('banyan_edge_copies_total{of="fetch",outcome="miss"');
    await eventually(async () => {
      const before = await misses();
      await readUnknown({ as: 'usr_1' });
      return (await misses()) - before;
    }).toBe(0);
    const version = await retitle(edges, 'Two', 1);
    await eventually(() => read(title, {})).toBe(version);
    expect(await read(old, { as: 'usr_1' })).toBe(version);
    expect(wrong).toEqual([]);
  });
});
