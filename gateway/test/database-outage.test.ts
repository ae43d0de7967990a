import { startSwitchingProxy, type SwitchingProxy } from '@banyan/kit/proxy';
import { describe, expect, test } from 'vitest';
import { startLibraryEdges } from './support/library-edges.ts';

/** A gateway before a subgraph that lives, and whose database goes. */
async function startWithDatabaseThatGoes() {
  const proxies: SwitchingProxy[] = [];
  const edges = await startLibraryEdges({
    databaseBy: async (url) => {
      const proxy = await startSwitchingProxy(url);
      proxies.push(proxy);
      return proxy.url;
    },
  });
  const endDatabase = async () => {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  };
  return { ...edges, endDatabase };
}

describe('while a subgraph has no database', () => {
  test('reads say that this part is away, and that they may be repeated', async () => {
    const { ask, endDatabase } = await startWithDatabaseThatGoes();
    const read = () => ask('{ book(id: "bok_1") { readers } }');
    expect(await read()).toEqual({ data: { book: { readers: 2 } } });
    await endDatabase();
    for (let round = 0; round < 3; round += 1)
      expect(await read()).toEqual({
        data: { book: null },
        errors: [
          {
            message: 'This part of the graph is not available at the moment.',
            path: ['book'],
            extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
          },
        ],
      });
  });

  test('a change says that its outcome is not known', async () => {
    const { ask, endDatabase } = await startWithDatabaseThatGoes();
    await endDatabase();
    expect(await ask('mutation { retitle(id: "bok_1", title: "Two") }')).toMatchObject({
      data: null,
      errors: [{ path: ['retitle'], extensions: { code: 'OUTCOME_UNKNOWN', retryable: true } }],
    });
  });
});
