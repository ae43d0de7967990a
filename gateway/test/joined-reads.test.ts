import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { anonymous, type Caller } from '@banyan/kit/hop';
import { describe, expect, test } from 'vitest';
import { Presence } from '../src/http/presence.ts';
import { createTestHopClient } from './support/hop-client.ts';
import { read, startBoth } from './support/joined-reads.ts';
import { startRawServer } from './support/raw-server.ts';
import { hello, key, kindOf, startMoodyProcess, startShop } from './support/shop-processes.ts';

/** A client with one connection to a process that answers each hop, which is a single operation, when it is told to. */
async function startHolding() {
  const asked: ServerResponse[] = [];
  const url = await startRawServer((request, response) => {
    if (request.url !== '/graphql') return void response.end('{"status":"live"}');
    asked.push(response);
  });
  const client = await createTestHopClient([url], { key, maxConnections: 1 });
  return { client, asked, answerNext: () => asked.at(-1)?.end(JSON.stringify(hello)) };
}

/** What of a body an operation asks. */
interface Travelling {
  query: string;
  extensions: { deadlineMs: number };
}

describe('reads that ask the same in the same name', () => {
  test('travel once, and each has the answer', async () => {
    const { shop, client } = await startBoth();
    const query = '{ items(first: 2) { id } }';
    const answers = await Promise.all([1, 2, 3].map(() => client.ask({ ...read, query })));
    expect(shop.operations).toHaveLength(1);
    expect(await client.metric('banyan_edge_joined_reads_total')).toContain(
      '{subgraph="shop",service="test"} 2',
    );
    for (const { data } of answers) expect(data).toEqual({ items: [{ id: 'itm_1' }, { id: 'itm_2' }] });
  });

  test('are answered for 64 at a time', async () => {
    const { shop, client } = await startBoth();
    const answers = await Promise.all(Array.from({ length: 130 }, () => client.ask(read)));
    expect(answers).toEqual(answers.map(() => hello));
    expect(shop.operations).toHaveLength(3);
    expect(shop.hops).toBe(3);
  });

  test('fail together where their hop does', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key });
    const ends = await Promise.all([client.ask(read), client.ask(read)].map(kindOf));
    expect(ends).toEqual(['unavailable', 'unavailable']);
    expect(mood.operations).toBe(1);
  });

  test('are asked together of another process where the first fails', async () => {
    const [{ mood, url }, shop] = await Promise.all([startMoodyProcess(), startShop()]);
    const client = await createTestHopClient([url, shop.url], { key });
    for (let round = 0; round < 4; round += 1)
      expect(await Promise.all([client.ask(read), client.ask(read)])).toEqual([hello, hello]);
    expect(mood.operations).toBeGreaterThan(0);
    expect(shop.operations).toHaveLength(4);
  });

  test('go on when the client of one hangs up, and end when the last does', async () => {
    const { shop, client } = await startBoth();
    const [one, other, last] = [new Presence(), new Presence(), new Presence()];
    const asksSlow = (presence: Presence) => client.ask({ ...read, query: '{ slow }', presence });
    const [first, second] = [kindOf(asksSlow(one)), asksSlow(other)];
    await expect.poll(() => shop.operations.length).toBe(1);
    one.leave();
    expect(await first).toBe('abandoned');
    shop.stage.slow.resolve('at last');
    expect(await second).toEqual({ data: { slow: 'at last' } });

    const hanging = [other, last].map((presence) =>
      kindOf(client.ask({ ...read, query: '{ hangs }', presence })),
    );
    await shop.stage.reached.promise;
    other.leave();
    expect(await hanging[0]).toBe('abandoned');
    // Had the hop been cut, that would have been seen before this answer.
    expect(await client.ask(read)).toEqual(hello);
    expect(shop.abandoned).toBe(0);
    last.leave();
    expect(await hanging[1]).toBe('abandoned');
    await expect.poll(() => shop.abandoned).toBe(1);
  });

  test('wait as long as the most patient of them, and each no longer than itself', async () => {
    const asked = Promise.withResolvers<Travelling>();
    const answer = Promise.withResolvers<void>();
    const url = await startRawServer((request, response) => {
      void new Response(request as never).json().then(async (body) => {
        asked.resolve(body as Travelling);
        await answer.promise;
        response.end(JSON.stringify(hello));
      });
    });
    const client = await createTestHopClient([url], { key });
    const hasty = client.ask({ ...read, deadlineAtMs: Date.now() + 30 });
    const patient = client.ask({ ...read, deadlineAtMs: Date.now() + 50_000 });
    const { deadlineMs } = (await asked.promise).extensions;
    expect(deadlineMs).toBeGreaterThan(40_000);
    expect(await kindOf(hasty)).toBe('late');
    answer.resolve();
    expect(await patient).toEqual(hello);
  });

  test('are not sent where the time of all of them is over while they wait for room', async () => {
    const { shop, client } = await startBoth(1);
    const slow = client.ask({ ...read, query: '{ slow }' });
    await expect.poll(() => shop.hops).toBe(1);
    const late = [10, 20].map((ms) => kindOf(client.ask({ ...read, deadlineAtMs: Date.now() + ms })));
    expect(await Promise.all(late)).toEqual(['late', 'late']);
    const next = client.ask(read);
    shop.stage.slow.resolve('at last');
    expect(await slow).toEqual({ data: { slow: 'at last' } });
    expect(await next).toEqual(hello);
    expect(shop.operations).toHaveLength(2);
  });

  test('are joined as long as they wait for room, though some who ask the same have left', async () => {
    const { client, asked, answerNext } = await startHolding();
    const before = client.ask({ ...read, query: '{ before }' });
    await expect.poll(() => asked.length).toBe(1);
    // One more than are answered at a time.
    const crowd = Array.from({ length: 65 }, () => client.ask(read));
    answerNext();
    await expect.poll(() => asked.length).toBe(2);
    crowd.push(client.ask(read));
    answerNext();
    await expect.poll(() => asked.length).toBe(3);
    answerNext();
    expect(await Promise.all([before, ...crowd])).toEqual([before, ...crowd].map(() => hello));
    expect(asked).toHaveLength(3);
    expect(await client.metric('banyan_edge_hop_operations')).toMatch(/_sum\{.*\} 3$/m);
  });

  test('are all told when the edge ends while they wait for room', async () => {
    const { client, asked, answerNext } = await startHolding();
    const before = client.ask({ ...read, query: '{ before }' });
    await expect.poll(() => asked.length).toBe(1);
    const waiting = [client.ask(read), client.ask(read)].map(kindOf);
    const closed = client.close();
    expect(await Promise.all(waiting)).toEqual(['unavailable', 'unavailable']);
    answerNext();
    expect(await before).toEqual(hello);
    await closed;
  });

  test('travel once, however a client writes a language', async () => {
    const { shop, client } = await startBoth();
    const languages = ['zh', 'zh-CN', 'ZH-Hant-TW'];
    const query = '{ language }';
    const answers = await Promise.all(languages.map((language) => client.ask({ ...read, query, language })));
    expect(answers).toEqual(languages.map(() => ({ data: { language: 'zh' } })));
    expect(shop.operations).toHaveLength(1);
  });

  test('do not wait for what everybody has left who asked before', async () => {
    const { shop, client } = await startBoth();
    const presence = new Presence();
    const gone = kindOf(client.ask({ ...read, requestId: 'gone', presence }));
    presence.leave();
    expect(await client.ask({ ...read, requestId: 'here' })).toEqual(hello);
    expect(await gone).toBe('abandoned');
    expect(shop.operations.map(({ requestId }) => requestId)).toEqual(['here']);
    expect(await client.metric('banyan_edge_joined_reads_total')).not.toContain('subgraph="shop"');
  });

  test('tell of a process that is too slow, though the client of one of them has gone', async () => {
    const { client } = await startHolding();
    const presence = new Presence();
    const gone = kindOf(client.ask({ ...read, presence }));
    const late = kindOf(client.ask({ ...read, deadlineAtMs: Date.now() + 400 }));
    presence.leave();
    expect(await Promise.all([gone, late])).toEqual(['abandoned', 'late']);
    await expect.poll(() => client.metric('banyan_edge_hops_total')).toContain('outcome="late"');
  });
});

test('what was answered, or left by all who asked, is not kept', async () => {
  const { client } = await startBoth();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const callers: WeakRef<Caller>[] = [];
  const ask = (presence?: Presence) => {
    const caller = { ...anonymous };
    const query = `{ hello(name: "${callers.push(new WeakRef(caller))}") }`;
    return kindOf(client.ask({ ...read, query, caller, presence }));
  };
  const presences = Array.from({ length: 50 }, () => new Presence());
  const ends = presences.flatMap((presence) => [ask(), ask(presence)]);
  for (const presence of presences) presence.leave();
  expect(await Promise.all(ends)).toEqual(presences.flatMap(() => ['answered', 'abandoned']));
  const kept = () => {
    collect();
    return callers.filter((caller) => caller.deref() !== undefined).length;
  };
  // What was the last at its place, such as on a connection, may be there until something else is.
  await expect.poll(kept, { timeout: 5_000 }).toBeLessThan(10);
});
