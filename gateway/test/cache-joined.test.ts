import { createRedis } from '@banyan/kit/cache';
import { anonymous } from '@banyan/kit/hop';
import { expect, test, vi } from 'vitest';
import { createAnswers } from '../src/cache/answers.ts';
import { ChangeLog } from '../src/cache/change-log.ts';
import { createFetchCopies } from '../src/cache/fetch-copies.ts';
import { openShelf } from '../src/cache/shelf.ts';
import type { FetchAnswer, FetchRequest } from '../src/engine/subgraph-call.ts';
import { keepSeconds } from '../src/http/cdn.ts';
import { silent } from './support/subgraph.ts';

const fetchOf = (field: string): FetchRequest => ({
  subgraph: 'library',
  isMutation: false,
  head: `{"query":"{${field}}"`,
  variables: undefined,
  copyable: { maxAgeSeconds: 60, isFlat: true, variables: '', entities: null },
});

/**
 * The cache between strangers and a library that the test plays: it says what a read shows, when it is answered, and when news
 * of a change is heard. Each request asks for the same fields, one after the other, in its own words.
 */
function startCache(fields: readonly string[] = ['motto']) {
  const changes = new ChangeLog({ transaction: 1n, event: 1n });
  const shelf = openShelf({
    redis: createRedis({ url: undefined, log: silent }),
    supergraphSdl: '',
    maxBytes: 1_000_000,
    feedOf: () => ({ current: () => changes, start: () => undefined, stop: () => Promise.resolve() }),
    onShared: () => undefined,
  });
  const joins = vi.spyOn(shelf.flights, 'join');
  const reads: PromiseWithResolvers<FetchAnswer>[] = [];
  const call = createFetchCopies({
    shelf: () => shelf,
    count: () => undefined,
    call: () => {
      const read = Promise.withResolvers<FetchAnswer>();
      reads.push(read);
      return read.promise;
    },
  });
  const run = createAnswers({
    shelf: () => shelf,
    count: () => undefined,
    run: async (_operation, context) => {
      const said: unknown[] = [];
      for (const field of fields) said.push((await call(fetchOf(field), context)).data?.['said']);
      return { status: 200, headers: [], body: JSON.stringify({ data: said }), hasData: true };
    },
  });

  /** What a stranger gets, and whether proxies may keep it. */
  async function ask(query: string) {
    const checked = { operation: { type: 'query' } };
    const stranger = { caller: anonymous, checked, deadlineAtMs: Date.now() + 60_000 } as never;
    const answer = await run({ query, variables: {}, operationName: null }, stranger, 'application/json');
    return { body: answer.body, isForProxies: keepSeconds(answer, 10) > 0 };
  }

  return {
    reads,
    ask,
    /** Answers a read as soon as it has come. */
    answer: async (number: number, said: string, dependencies: readonly string[] = ['Book:1']) => {
      await expect.poll(() => reads.length).toBeGreaterThanOrEqual(number);
      reads[number - 1]?.resolve({ data: { said }, dependencies });
    },
    /** Two ask, and the second waits for what the first reads. */
    askTogether: async () => {
      const first = ask('{motto}');
      await expect.poll(() => joins.mock.calls.length).toBe(1);
      const second = ask('{ motto }');
      await expect.poll(() => joins.mock.calls.length).toBe(2);
      return { answers: Promise.all([first, second]) };
    },
    hearOfChange: () => {
      const at = { transaction: 2n, event: 2n };
      changes.note(['Book:1', 'Book:*'], at);
      changes.advance(at);
    },
  };
}

const forAll = (...data: string[]) => ({ body: JSON.stringify({ data }), isForProxies: true });
const forNow = (...data: string[]) => ({ body: JSON.stringify({ data }), isForProxies: false });

test('who joins a read keeps what it brought, as the one who began it does', async () => {
  const { ask, askTogether, answer, reads } = startCache();
  const { answers } = await askTogether();
  await answer(1, 'old');
  expect(await answers).toEqual([forAll('old'), forAll('old')]);
  expect(await ask('{ motto }')).toEqual(forAll('old'));
  expect(reads).toHaveLength(1);
});

test('what has changed while it was read is kept by nobody: not by who joined the read, nor by proxies', async () => {
  const { ask, askTogether, answer, hearOfChange } = startCache();
  const { answers } = await askTogether();
  hearOfChange();
  await answer(1, 'old');
  expect(await answers).toEqual([forNow('old'), forNow('old')]);
  const again = ask('{ motto }');
  await answer(2, 'new');
  expect(await again).toEqual(forAll('new'));
});

test('what does not say what it shows is kept by nobody: no change could end it', async () => {
  const { ask, askTogether, answer } = startCache();
  const { answers } = await askTogether();
  await answer(1, 'old', []);
  expect(await answers).toEqual([forNow('old'), forNow('old')]);
  const again = ask('{ motto }');
  await answer(2, 'new', []);
  expect(await again).toEqual(forNow('new'));
});

test('an answer of two reads is kept by nobody where the first has changed before the second came', async () => {
  const { ask, answer, reads, hearOfChange } = startCache(['motto', 'title']);
  const asked = ask('{ motto title }');
  await answer(1, 'old');
  await expect.poll(() => reads.length).toBe(2);
  hearOfChange();
  await answer(2, 'new', ['Book:2']);
  expect(await asked).toEqual(forNow('old', 'new'));
});
