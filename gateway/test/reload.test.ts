import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createRegistry } from '@banyan/kit/service';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSupergraphWatch } from '../src/graph/supergraph-watch.ts';
import { startEdge, type Edge } from './support/edge.ts';
import { startGatewayProcess } from './support/gateway-process.ts';

async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-supergraph-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'supergraph.graphql');
}

async function metricsOf(edge: Edge): Promise<string> {
  return (await fetch(`${edge.adminUrl}/metrics`)).text();
}
const served = async (edge: Edge) =>
  Number(
    /supergraph_changes_total\{outcome="served",service="gateway"\} (\d+)/.exec(await metricsOf(edge))?.[1] ??
      0,
  );

/** The supergraph without a field of the query. */
function without(sdl: string, field: string): string {
  const less = sdl.replace(new RegExp(`^  ${field}:.*$`, 'm'), '');
  if (less === sdl) throw new Error(`There is no field ${field}.`);
  return less;
}

/** As a careful writer does: nobody ever sees half of it. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('another supergraph in the file', () => {
  test('takes over under load, again and again, and no request is lost', async () => {
    const path = await temporaryFile();
    const edge = await startEdge({ SUPERGRAPH_PATH: path, SUPERGRAPH_POLL_MS: '10' });
    const versions = [without(edge.supergraphSdl, 'language'), edge.supergraphSdl];
    let isOver = false;
    onTestFinished(() => {
      isOver = true;
    });
    const answers: unknown[] = [];
    const client = async () => {
      while (!isOver) {
        const { status, body } = await edge.ask('{ items(first: 2) { name stock } warehouses }');
        answers.push({ status, body });
      }
    };
    const clients = [1, 2, 3, 4, 5, 6, 7, 8].map(client);
    for (let swaps = 1; swaps <= 6; swaps += 1) {
      await replace(path, versions[(swaps - 1) % 2] ?? '');
      await expect.poll(() => served(edge), { timeout: 10_000 }).toBe(swaps);
    }
    isOver = true;
    await Promise.all(clients);
    expect(answers.length).toBeGreaterThan(6);
    const items = [
      { name: 'Item itm_1', stock: 10 },
      { name: 'Item itm_2', stock: 20 },
    ];
    const whole = { status: 200, body: { data: { items, warehouses: 3 } } };
    expect(answers.filter((answer) => JSON.stringify(answer) !== JSON.stringify(whole))).toEqual([]);
  });

  test('is what clients see from then on', async () => {
    const path = await temporaryFile();
    const edge = await startEdge({ SUPERGRAPH_PATH: path, SUPERGRAPH_POLL_MS: '10' });
    expect((await edge.ask('{ language }')).body.data).toEqual({ language: 'en' });
    await replace(path, without(edge.supergraphSdl, 'language'));
    await expect.poll(() => served(edge)).toBe(1);
    expect((await edge.ask('{ language }')).body.errors?.[0]?.extensions['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
  });

  test('is looked for at once when the process gets a SIGHUP, and the process goes on', async () => {
    const path = await temporaryFile();
    const edge = await startEdge({ SUPERGRAPH_PATH: path });
    const gateway = await startGatewayProcess(edge, { SUPERGRAPH_PATH: path, SUPERGRAPH_POLL_MS: '3600000' });
    await replace(path, without(edge.supergraphSdl, 'language'));
    gateway.kill('SIGHUP');
    expect(await gateway.nextOf(['another supergraph is served', 'stopping'])).toMatchObject({
      msg: 'another supergraph is served',
    });
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toEqual([0, null]);
  });
});

test('a file that may still be written is left alone until two looks find it the same', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const path = await temporaryFile();
  await writeFile(path, 'first');
  const taken: string[] = [];
  const swap = (sdl: string) => {
    taken.push(sdl);
    return Promise.resolve();
  };
  const log = createLogger({ service: 'test', level: 'silent' });
  const registry = createRegistry('test');
  const watch = createSupergraphWatch({ path, served: 'first', pollMs: 1_000, swap, registry, log });
  const looks = async () => {
    watch.start();
    vi.advanceTimersByTime(1_000);
    await watch.stop();
    return taken;
  };
  await looks();
  for (const text of ['ha', 'half', 'whole']) {
    await writeFile(path, text);
    expect(await looks()).toEqual([]);
  }
  expect(await looks()).toEqual(['whole']);
});

describe('a file that holds no supergraph', () => {
  test('changes nothing for clients, and shows in the metrics until it is mended', async () => {
    const path = await temporaryFile();
    const edge = await startEdge({ SUPERGRAPH_PATH: path, SUPERGRAPH_POLL_MS: '10' });
    await replace(path, edge.supergraphSdl.slice(0, edge.supergraphSdl.length / 2));
    await expect.poll(() => metricsOf(edge)).toMatch(/banyan_edge_supergraph_refused\{service="gateway"\} 1/);
    expect((await edge.ask('{ items(first: 1) { name stock } }')).body.errors).toBeUndefined();
    await replace(path, edge.supergraphSdl);
    await expect.poll(() => metricsOf(edge)).toMatch(/banyan_edge_supergraph_refused\{service="gateway"\} 0/);
  });

  test.each([
    ['a schema of another kind', 'type Query { a: Int }'],
    ['half a schema', 'type Query {'],
    ['nothing', ''],
  ])('but %s is told once, however often it is found', async (_case, text) => {
    const path = await temporaryFile();
    await writeFile(path, 'first');
    const lines: string[] = [];
    const log = createLogger(
      { service: 'test', level: 'error' },
      { write: (line: string) => void lines.push(line) },
    );
    const swap = () => Promise.reject(new Error('No supergraph.'));
    const watch = createSupergraphWatch({
      path,
      served: 'first',
      pollMs: 3_600_000,
      swap,
      registry: createRegistry('test'),
      log,
    });
    for (let time = 0; time < 3; time += 1) {
      await replace(path, text);
      await watch.look();
    }
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'this supergraph cannot be served; the old one serves on',
    ]);
    await rm(path);
    await watch.look();
    await watch.look();
    expect(lines).toHaveLength(2);
  });
});
