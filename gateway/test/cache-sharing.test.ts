import { describe, expect, onTestFinished, test } from 'vitest';
import { startLibraryEdges, type LibraryEdges } from './support/library-edges.ts';
import { eventually, titlesRead, untilKept } from './support/library-reads.ts';

/** What is held back stays so until the test lets it go. */
const patient = { HOP_TIMEOUT_MS: '60000', MAX_DEADLINE_MS: '60000' };
const fromRoot = '{ book(id: "bok_1") { title id } }';
const ofEntity = '{ beingRead(ids: ["bok_1"]) { title } }';
const tooLate = { errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] };
const readers = Array.from({ length: 20 }, (_each, index) => ({ as: `usr_${index + 1}` }));

/** Holds back all that is read of titles until `release`. */
async function startHeld(edge: Record<string, string>) {
  const edges = await startLibraryEdges({ edges: [edge], withReaders: true });
  await untilKept(edges);
  const before = titlesRead(edges);
  const held = Promise.withResolvers<void>();
  const { gate } = edges.library;
  gate.hold = held.promise;
  const release = () => {
    gate.hold = undefined;
    held.resolve();
  };
  onTestFinished(release);
  /** Reads of titles since then. */
  const reads = () => titlesRead(edges) - before;
  return { edges, reads, release };
}

const askAll = ({ ask }: LibraryEdges, query: string) =>
  Promise.all(readers.map((reader) => ask(query, reader)));

describe.for([
  ['from the root', fromRoot],
  ['of an entity', ofEntity],
] as const)('many who miss the same copy, %s', ([, query]) => {
  test('share no read with one who has little time', async () => {
    const { edges, reads, release } = await startHeld(patient);
    const hasty = edges.ask(query, { as: 'usr_0', deadlineMs: 1_000 });
    await eventually(reads).toBe(1);
    const others = askAll(edges, query);
    await eventually(reads).toBe(2);
    expect(await hasty).toMatchObject(tooLate);
    release();
    const answers = await others;
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(JSON.stringify(answers[0])).toContain('"One"');
  });

  test('wait for it no longer than they have said', async () => {
    const { edges, reads, release } = await startHeld(patient);
    const first = edges.ask(query, { as: 'usr_0' });
    await eventually(reads).toBe(1);
    expect(await edges.ask(query, { as: 'usr_1', deadlineMs: 300 })).toMatchObject(tooLate);
    release();
    expect(JSON.stringify(await first)).toContain('"One"');
  });

  test('are told when it fails, and nobody reads again in the own name', async () => {
    const { edges, reads } = await startHeld({ HOP_TIMEOUT_MS: '500' });
    expect(await edges.ask(query, { as: 'usr_0' })).toMatchObject(tooLate);
    expect(reads()).toBe(1);
  });

  test('share the next read when the first comes to nothing', async () => {
    const { edges, reads, release } = await startHeld({ HOP_TIMEOUT_MS: '800', MAX_DEADLINE_MS: '60000' });
    const first = edges.ask(query, { as: 'usr_0' });
    await eventually(reads).toBe(1);
    const others = askAll(edges, query);
    await eventually(reads).toBeGreaterThan(1);
    release();
    expect(await first).toMatchObject(tooLate);
    const answers = await others;
    expect(answers.filter((answer) => JSON.stringify(answer).includes('"One"'))).toHaveLength(20);
    // Fewer than the readers by far, also where news of a change comes in between.
    expect(reads()).toBeLessThan(6);
  });
});

test('strangers share no run with one who has little time', async () => {
  const { edges, reads, release } = await startHeld(patient);
  // "readers" may not be kept, so that only the sharing of runs is at work.
  const query = '{ book(id: "bok_1") { title readers } }';
  const first = edges.ask(query);
  await eventually(reads).toBe(1);
  // Those who come while it is read gather for the next run; whoever comes first begins it.
  const hasty = edges.ask(query, { deadlineMs: 500 });
  const others = readers.map(() => edges.ask(query));
  expect(await hasty).toMatchObject(tooLate);
  release();
  for (const answer of await Promise.all([first, ...others]))
    expect(answer).toEqual({ data: { book: { title: 'One', readers: 2 } } });
});
