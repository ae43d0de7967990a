import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sample, shuffledSubarray } from 'fast-check';
import { expect, test } from 'vitest';
import { jsonBytes } from '../src/cache/memory.ts';
import { startLibraryEdges } from './support/library-edges.ts';
import { eventually, retitle, untilKept, versionIn, title } from './support/library-reads.ts';

test('copies take no more memory than they may, and what was let go is read again', async () => {
  const maxBytes = 20_000;
  const edges = await startLibraryEdges({ edges: [{ CACHE_MAX_BYTES: String(maxBytes) }] });
  await untilKept(edges);
  for (let number = 0; number < 200; number += 1) {
    const asked = `{ book(id: "bok_1") { title copy${number}: title } }`;
    expect(await edges.ask(asked, { as: 'usr_1' })).toEqual({
      data: { book: { title: 'One', [`copy${number}`]: 'One' } },
    });
  }
  const bytes = await edges.metric('banyan_edge_copies_bytes{of="fetch"');
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(maxBytes);
  const before = edges.library.asked.length;
  await edges.ask('{ book(id: "bok_1") { title copy0: title } }', { as: 'usr_1' });
  expect(edges.library.asked.length).toBeGreaterThan(before);
});

test('answers take no more memory than they may, in a script of two bytes a character as well', async () => {
  const maxBytes = 40_000;
  const edges = await startLibraryEdges({ edges: [{ CACHE_MAX_BYTES: String(maxBytes) }] });
  await untilKept(edges);
  const version = await retitle(edges, '书'.repeat(1_000));
  await eventually(async () => versionIn(await edges.ask(title))).toBe(version);
  const asked = Array.from(
    { length: 20 },
    (_each, number) => `{ book(id: "bok_1") { title copy${number}: id } }`,
  );
  const hits = () => edges.metric('banyan_edge_copies_total{of="answer",outcome="hit"');
  let characters = 0;
  for (const query of asked) characters = JSON.stringify(await edges.ask(query)).length;
  const before = await hits();
  // The latest first: an answer that was let go makes room for itself again, and never at the cost of one that is still to come.
  for (const query of asked.toReversed()) await edges.ask(query);
  const kept = (await hits()) - before;
  expect(kept).toBeGreaterThan(0);
  expect(kept * characters * 2).toBeLessThanOrEqual(maxBytes / 4);
  expect(await edges.metric('banyan_edge_copies_bytes{of="answer"')).toBeGreaterThan(characters * 2);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_each, index) => make(index));
/** JSON text of an object: one that was made here would have its shape already. */
const named = (names: readonly string[]) => `{${names.map((name) => `"${name}":1`).join()}}`;
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const orders = sample(shuffledSubarray(letters, { minLength: letters.length }), { numRuns: 2_000, seed: 1 });

test.each([
  ['lists in lists', times(2_000, () => '['.repeat(100) + ']'.repeat(100))],
  ['objects with a name that no other has', times(20_000, (index) => named([`name${index}`]))],
  ['objects with many of them', times(200, (index) => named(times(200, (at) => `name${index}_${at}`)))],
  ['objects with their names in an order that no other has', orders.map(named)],
])('what is kept takes no more memory than is counted: %s', (_what, texts) => {
  collectGarbage();
  const before = getHeapStatistics().used_heap_size;
  const kept = texts.map((text): unknown => JSON.parse(text));
  collectGarbage();
  const taken = getHeapStatistics().used_heap_size - before;
  expect(kept.reduce<number>((bytes, value) => bytes + jsonBytes(value), 0)).toBeGreaterThan(taken);
});
