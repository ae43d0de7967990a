import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startLibraryEdges } from './support/library-edges.ts';
import { eventually, retitle, title, untilKept } from './support/library-reads.ts';

describe('what is the same for everybody', () => {
  test('is read once and told to everybody, signed in or not, until it changes', async () => {
    const edges = await startLibraryEdges();
    const { library, ask } = edges;
    await untilKept(edges);
    const asked = library.asked.length;
    const answers = await Promise.all([ask(title), ask(title, { as: 'usr_1' }), ask(title, { as: 'usr_2' })]);
    expect(answers).toEqual(Array(3).fill({ data: { book: { title: 'One', version: 1 } } }));
    expect(library.asked.length).toBe(asked);

    await retitle(edges, 'Two');
    await eventually(() => ask(title)).toEqual({ data: { book: { title: 'Two', version: 2 } } });
    await eventually(() => ask(title, { as: 'usr_1' })).toEqual({
      data: { book: { title: 'Two', version: 2 } },
    });
  });

  test('shows in a list as soon as there is something new to list', async () => {
    const edges = await startLibraryEdges();
    const { ask } = edges;
    await untilKept(edges);
    await ask('{ books { title } }');
    await ask('mutation { retitle(id: "bok_2", title: "Second") }');
    await eventually(() => ask('{ books { title } }')).toEqual({
      data: { books: [{ title: 'One' }, { title: 'Second' }] },
    });
  });

  test('shows in a list of an entity as soon as there is something new to list', async () => {
    const edges = await startLibraryEdges({ withReaders: true });
    await untilKept(edges);
    const others = () => edges.ask('{ beingRead(ids: ["bok_1"]) { otherTitles } }', { as: 'usr_1' });
    expect(await others()).toEqual({ data: { beingRead: [{ otherTitles: [] }] } });
    await edges.ask('mutation { retitle(id: "bok_2", title: "Second") }');
    await eventually(others).toEqual({ data: { beingRead: [{ otherTitles: ['Second'] }] } });
  });

  test('is looked for again where nothing was', async () => {
    const edges = await startLibraryEdges();
    const { ask } = edges;
    await untilKept(edges);
    const query = '{ book(id: "bok_9") { title } }';
    expect(await ask(query)).toEqual({ data: { book: null } });
    await ask('mutation { retitle(id: "bok_9", title: "Nine") }');
    await eventually(() => ask(query)).toEqual({ data: { book: { title: 'Nine' } } });
  });

  test('is read once when many miss it at the same time', async () => {
    const edges = await startLibraryEdges();
    const { library, ask } = edges;
    await untilKept(edges);
    await retitle(edges, 'Two');
    const held = Promise.withResolvers<void>();
    library.gate.hold = held.promise;
    const before = library.asked.filter((field) => field === 'title').length;
    const query = '{ book(id: "bok_1") { title } }';
    const first = ask(query, { as: 'usr_0' });
    await eventually(() => library.asked.filter((field) => field === 'title').length).toBeGreaterThan(before);
    const others = Array.from({ length: 40 }, (_each, index) => ask(query, { as: `usr_${index}` }));
    library.gate.hold = undefined;
    held.resolve();
    const answers = await Promise.all([first, ...others]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    // One for the first; one more for those who came after the news of the change.
    expect(library.asked.filter((field) => field === 'title').length - before).toBeLessThanOrEqual(2);
  });

  test('is read anew while nobody can say what changes', async () => {
    const edges = await startLibraryEdges();
    const { library, ask } = edges;
    await untilKept(edges);
    await library.stop();
    // A copy would be an answer; the truth is that nobody knows.
    await eventually(async () => (await ask(title, { as: 'usr_1' })).errors?.length ?? 0).toBe(1);
  });
});

describe('what is not the same for everybody', () => {
  test('a field that may not be kept is read each time, beside one that may', async () => {
    const edges = await startLibraryEdges();
    const { library, ask } = edges;
    await untilKept(edges);
    const query = '{ book(id: "bok_1") { title readers } }';
    await ask(query);
    await library.db.updateTable('books').set({ version: 50 }).execute();
    expect(await ask(query)).toEqual({ data: { book: { title: 'One', readers: 100 } } });
  });

  test('two callers never get each other’s answers, whatever they ask (property)', async () => {
    const edges = await startLibraryEdges({ edges: [{}, { CACHE: 'off' }] });
    const { ask } = edges;
    await untilKept(edges);
    const fields = fc.uniqueArray(fc.constantFrom('id', 'title', 'version', 'readers', 'myNote'), {
      minLength: 1,
    });
    const root = fc.constantFrom('book(id: "bok_1")', 'books', 'missing: book(id: "bok_0")');
    const request = fc.record({ fields, root, as: fc.constantFrom('usr_1', 'usr_2', undefined) });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
        await Promise.all(
          requests.map(async ({ fields: names, root: asked, as }) => {
            const query = `{ ${asked} { ${names.join(' ')} } }`;
            const caller = as === undefined ? {} : { as };
            const [kept, plain] = await Promise.all([ask(query, caller), ask(query, { ...caller, edge: 1 })]);
            expect(kept).toEqual(plain);
          }),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('who has changed something', () => {
  test('sees it on the next read, before anybody was told', async () => {
    const edges = await startLibraryEdges();
    const { ask } = edges;
    await untilKept(edges);
    for (const name of ['Two', 'Three', 'Four']) {
      await ask(`mutation { retitle(id: "bok_1", title: "${name}") }`, { as: 'usr_7' });
      expect(await ask('{ book(id: "bok_1") { title } }', { as: 'usr_7' })).toEqual({
        data: { book: { title: name } },
      });
    }
  });

  test('a stranger’s read never joins one that began before the change', async () => {
    const edges = await startLibraryEdges();
    const { library, ask } = edges;
    // "readers" may not be kept, so that only the sharing of runs is at work.
    const query = '{ book(id: "bok_1") { title readers } }';
    const held = Promise.withResolvers<void>();
    library.gate.hold = held.promise;
    const early = ask(query);
    await eventually(() => library.asked.includes('title')).toBe(true);
    await library.db.updateTable('books').set({ version: 7 }).execute();
    const late = ask(query);
    // It asks for itself, while the early one is still held.
    await eventually(() => library.asked.filter((field) => field === 'book').length).toBe(2);
    library.gate.hold = undefined;
    held.resolve();
    expect(await early).toMatchObject({ data: { book: { readers: 2 } } });
    expect(await late).toMatchObject({ data: { book: { readers: 14 } } });
  });

  test('strangers who ask the same at the same time are answered by one run', async () => {
    const edges = await startLibraryEdges();
    const { library, ask, metric } = edges;
    const held = Promise.withResolvers<void>();
    library.gate.hold = held.promise;
    const query = '{ book(id: "bok_1") { title readers } }';
    const first = ask(query);
    await eventually(() => library.asked.includes('title')).toBe(true);
    const others = Array.from({ length: 30 }, () => ask(query));
    await eventually(() => metric('banyan_edge_copies_total{of="answer",outcome="shared"')).toBeGreaterThan(
      0,
    );
    library.gate.hold = undefined;
    held.resolve();
    await Promise.all([first, ...others]);
    expect(library.asked.filter((field) => field === 'book').length).toBeLessThan(15);
  });
});
