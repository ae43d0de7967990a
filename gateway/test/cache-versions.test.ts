import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { startLibraryEdges } from './support/library-edges.ts';
import { eventually, titlesRead, title, untilKept } from './support/library-reads.ts';

const asMember = { as: 'usr_1' };
/** What is held back stays so until the test lets it go. */
const patient = { edges: [{ HOP_TIMEOUT_MS: '60000', MAX_DEADLINE_MS: '60000' }] };

/** The same graph to those who ask, and yet another one. */
const another = (supergraphSdl: string) => `${supergraphSdl}\n# another version\n`;

/** Goes over to another version while somebody waits for what a subgraph holds back. */
async function swapWhileReading(who: { as?: string }) {
  const edges = await startLibraryEdges(patient);
  const { gate } = edges.library;
  await untilKept(edges);
  const query = '{ book(id: "bok_1") { title id } }';
  const held = Promise.withResolvers<void>();
  gate.hold = held.promise;
  const before = titlesRead(edges);
  const early = edges.ask(query, who);
  await eventually(() => titlesRead(edges)).toBe(before + 1);
  await edges.swap(another(edges.supergraphSdl));
  const letGo = () => {
    gate.hold = undefined;
    held.resolve();
  };
  return { edges, query, before, early, letGo };
}

describe('another version of the graph', () => {
  test('is answered with nothing that was kept for the one before', async () => {
    const edges = await startLibraryEdges();
    await untilKept(edges);
    const before = titlesRead(edges);
    await edges.swap(another(edges.supergraphSdl));
    await edges.ask(title, asMember);
    expect(titlesRead(edges)).toBe(before + 1);
    await edges.ask(title, asMember);
    expect(titlesRead(edges)).toBe(before + 1);
  });

  test.for([
    ['a member', asMember],
    ['a stranger', {}],
  ] as const)('is answered with nothing that began to be read for the one before, by %s', async ([, who]) => {
    const { edges, query, before, early, letGo } = await swapWhileReading(who);
    const meanwhile = edges.ask(query, who);
    await eventually(() => titlesRead(edges)).toBe(before + 2);
    letGo();
    await Promise.all([early, meanwhile]);
  });

  test.for([
    ['a member', asMember],
    ['a stranger', {}],
  ] as const)('keeps nothing that was read for the one before, by %s', async ([, who]) => {
    const { edges, query, before, early, letGo } = await swapWhileReading(who);
    letGo();
    await early;
    await edges.ask(query, who);
    expect(titlesRead(edges)).toBe(before + 2);
  });
});

describeWithRedis('gateways that share copies', () => {
  test('share them with those of their own version alone', async () => {
    const url = await testRedis();
    const edges = await startLibraryEdges({ edges: [{ REDIS_URL: url }, { REDIS_URL: url }] });
    await untilKept(edges);
    await untilKept(edges, 1);
    await edges.swap(another(edges.supergraphSdl), 1);
    const before = titlesRead(edges);
    await edges.ask(title, { ...asMember, edge: 1 });
    expect(titlesRead(edges)).toBe(before + 1);
    await edges.swap(another(edges.supergraphSdl), 0);
    await eventually(async () => {
      const read = titlesRead(edges);
      await edges.ask(title, asMember);
      return titlesRead(edges) - read;
    }).toBe(0);
  });
});
