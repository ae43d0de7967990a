import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findRunningSystem, startSystem } from '../src/system.ts';
import type { System } from '../src/system.ts';
import { tinyPrograms } from './fixtures/programs.ts';
import {
  addNote,
  ask,
  failureOf,
  isRunning,
  pidsOf,
  startTinySystem,
  temporaryFolder,
} from './tiny-system.ts';

const patience = { timeout: 20_000, interval: 20 };

describe('what dies', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      basePort: 0,
      fsync: false,
      programs: tinyPrograms,
      environment: process.env,
    });
  });
  afterAll(async () => system.stop());

  test.each(['gateway', 'notes', 'sandbox', 'postgres', 'redis'])('is started again: %s', async (name) => {
    const before = system.pid(name);
    if (before === undefined) return; // a machine without Redis
    await addNote(system.databases['notes'], `before the end of ${name}`);
    process.kill(before, 'SIGKILL');
    await vi.waitFor(() => {
      expect(system.pid(name)).toBeDefined();
      expect(system.pid(name)).not.toBe(before);
    }, patience);
    await system.ready();
    const { notes } = await vi.waitFor(async () => ask(system, 'notes'), patience);
    expect(notes).toContain(`before the end of ${name}`);
    expect(system.restarts(name)).toBe(1);
  });
});

describe('a stop', () => {
  test('leaves nothing running, ends the gateway first and PostgreSQL last', async () => {
    const dataDir = temporaryFolder();
    const told: string[] = [];
    const system = await startTinySystem({
      dataDir,
      log: (source, line) => {
        if (line === 'told to stop' || line.includes('database system is shut down')) told.push(source);
      },
    });
    const pids = pidsOf(system);
    expect(pids.length).toBeGreaterThanOrEqual(4);
    await system.stop();
    expect(pids.filter(isRunning)).toEqual([]);
    expect(told).toEqual(['gateway', 'notes', 'sandbox', 'postgres']);
    expect(await findRunningSystem(dataDir)).toBeUndefined();
  });

  test('in the middle of a start ends what was started', async () => {
    const dataDir = temporaryFolder();
    const stopped = new AbortController();
    const seen = new Set<number>();
    const start = startSystem({
      dataDir,
      basePort: 0,
      fsync: false,
      programs: tinyPrograms,
      signal: stopped.signal,
      log: (source) => {
        if (source !== 'notes') return;
        for (const { pid } of processesIn(dataDir)) seen.add(pid);
        stopped.abort(new Error('Ctrl-C'));
      },
    });
    expect((await failureOf(start)).message).toBe('Ctrl-C');
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen].filter(isRunning)).toEqual([]);
  });
});

function processesIn(dataDir: string): { pid: number }[] {
  const state = JSON.parse(readFileSync(join(dataDir, 'system.json'), 'utf8')) as {
    processes: { pid: number }[];
  };
  return state.processes;
}
