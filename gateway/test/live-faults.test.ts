import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGrowing, readUntil, type Followed } from './support/board-versions.ts';
import {
  boardChanged,
  receive,
  sseClient,
  startLiveEdge,
  wsClient,
  type Received,
} from './support/live-edge.ts';

const request = { query: boardChanged, variables: { id: 'a' } };

describe('a subgraph whose process', () => {
  test('dies is followed again, and subscribers stay', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge), request);
    await results.next();
    edge.processes[0]?.cut();
    edge.boards.changeSilently();
    expect(await readUntil(results, 2n)).toEqual([2n]);
    edge.boards.change();
    expect(await readUntil(results, 3n)).toEqual([3n]);
    expect(await edge.figure('banyan_edge_live_streams_total', 'failed')).toBe(1);
  });

  test('is about to end is left for another one', async () => {
    const edge = await startLiveEdge({ behindBy: [() => 0n, () => 0n] });
    const results = receive(sseClient(edge), request);
    await results.next();
    const [from] = edge.processes.filter(({ streams }) => streams.length > 0);
    from?.drain();
    const other = edge.processes.find((process) => process !== from);
    await expect.poll(() => other?.streams.length).toBeGreaterThan(0);
    edge.boards.change();
    expect(await readUntil(results, 2n)).toEqual([2n]);
    expect(await edge.figure('banyan_edge_live_streams_total', 'drain')).toBe(1);
  });

  test('is not there yet is waited for', async () => {
    const edge = await startLiveEdge();
    await edge.processes[0]?.stop();
    const results = receive(sseClient(edge), request);
    const first = results.next();
    await expect.poll(() => edge.figure('banyan_edge_live_streams_total', 'failed')).toBeGreaterThan(1);
    await edge.startProcess();
    expect(await first).toEqual({ data: { boardChanged: { version: '1' } } });
  });

  test('is behind the others never takes a subscriber back', async () => {
    let behindBy = 0n;
    const edge = await startLiveEdge({ behindBy: [() => 0n, () => behindBy] });
    edge.boards.change('a', 9n);
    const results = receive(sseClient(edge), request);
    expect(await readUntil(results, 10n)).toEqual([10n]);
    behindBy = 5n;
    // After each cut the next process is asked: one of the two is the one that is behind.
    await expect
      .poll(
        () => {
          for (const process of edge.processes) process.cut();
          return edge.figure('banyan_edge_live_events_total', 'older');
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBeGreaterThan(0);
    edge.boards.change('a', 6n);
    expect(isGrowing([10n, ...(await readUntil(results, 16n))])).toBe(true);
  });
});

test('streams are renewed, with a new look at who may follow, and subscribers notice nothing', async () => {
  const edge = await startLiveEdge({ streamMs: 50 });
  const results = receive<Followed>(sseClient(edge), request);
  await results.next();
  await expect.poll(() => edge.figure('banyan_edge_live_streams_total', 'renew')).toBeGreaterThan(2);
  edge.boards.change();
  expect(await readUntil(results, 2n)).toEqual([2n]);
  expect(await edge.figure('banyan_edge_live_streams_total', 'failed')).toBe(0);
  edge.boards.withdrawn.add('a');
  expect(await results.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

test('whatever happens in whichever order, nobody is ever taken back, and everybody gets the newest', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('change' as const), by: fc.bigInt({ min: 1n, max: 3n }) }),
    },
    fc.record({ kind: fc.constant('join' as const), over: fc.constantFrom('sse' as const, 'ws' as const) }),
    fc.record({ kind: fc.constant('leave' as const), who: fc.nat() }),
    fc.record({ kind: fc.constant('cut' as const), process: fc.nat({ max: 1 }) }),
    fc.record({ kind: fc.constant('lag' as const), by: fc.bigInt({ min: 0n, max: 3n }) }),
    fc.record({ kind: fc.constant('swap' as const) }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  );
  const lag = { by: 0n };
  const edge = await startLiveEdge({ behindBy: [() => 0n, () => lag.by], env: { LIVE_COALESCE_MS: '1' } });
  const clients = { sse: sseClient(edge), ws: wsClient(edge) };
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      runs += 1;
      const id = `board-${runs}`;
      lag.by = 0n;
      const open = new Map<Received<Followed>, { least: bigint; seen: bigint[]; done: Promise<void> }>();
      /** Waits until everybody has been told, as far as a process that is behind can tell. */
      const settle = async () => {
        for (const [results, { seen }] of open) {
          const isTold = () => results.hasLeft() || (seen.at(-1) ?? -9n) >= edge.boards.versionOf(id) - 3n;
          await expect.poll(isTold, { interval: 5, timeout: 10_000 }).toBe(true);
        }
      };
      const follow = (over: 'sse' | 'ws') => {
        const results = receive<Followed>(clients[over], { query: boardChanged, variables: { id } });
        const seen: bigint[] = [];
        const read = async (): Promise<void> => {
          for (;;) {
            const { data } = await results.next();
            seen.push(BigInt(data?.boardChanged.version ?? -1));
          }
        };
        open.set(results, {
          least: edge.boards.versionOf(id) - 3n,
          seen,
          done: read().catch(() => undefined),
        });
      };
      follow('sse');
      for (const each of steps) {
        if (each.kind === 'change') edge.boards.change(id, each.by);
        else if (each.kind === 'join') follow(each.over);
        else if (each.kind === 'cut') edge.processes[each.process]?.cut();
        else if (each.kind === 'lag') lag.by = each.by;
        else if (each.kind === 'settle') await settle();
        else if (each.kind === 'swap') await edge.app.swapSupergraph(edge.supergraphSdl);
        else if (open.size > 1) [...open.keys()][each.who % open.size]?.leave();
        await new Promise(setImmediate);
      }
      lag.by = 0n;
      const last = edge.boards.change(id);
      for (const [results, { least, seen, done }] of open) {
        if (!results.hasLeft()) await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe(last);
        results.leave();
        await done;
        expect(isGrowing(seen)).toBe(true);
        // A process may be three versions behind, and a newcomer cannot know better than the process that it asks.
        expect(seen[0] ?? least).toBeGreaterThanOrEqual(least);
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);

describe('an edge that ends', () => {
  test('closes WebSockets with a code on which clients come back', async () => {
    const edge = await startLiveEdge();
    const closes: number[] = [];
    const client = wsClient(edge, {
      on: { closed: (event) => closes.push((event as { code: number }).code) },
    });
    const results = receive(client, request);
    await results.next();
    const next = results.next().catch((error: unknown) => error);
    await edge.stop();
    expect(await next).toMatchObject({ code: 1012 });
    expect(closes).toEqual([1012]);
  });

  test('breaks streams of events off, on which clients come back, and does not call them complete', async () => {
    const edge = await startLiveEdge();
    const connections: boolean[] = [];
    const client = sseClient(edge, undefined, {
      retryAttempts: 1,
      on: { connecting: (again) => connections.push(again) },
    });
    const results = receive(client, request);
    await results.next();
    const next = results.next().catch((error: unknown) => error);
    await edge.stop();
    expect(await next).toBeInstanceOf(Error);
    expect(connections).toEqual([false, true]);
  });
});
