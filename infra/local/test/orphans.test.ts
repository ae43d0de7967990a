import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { endOrphans, writeState } from '../src/run-state.ts';
import { birthOf } from '../src/process-identity.ts';
import { ask, isRunning, startTinySystem, temporaryFolder } from './tiny-system.ts';

const patience = { timeout: 20_000, interval: 20 };

async function startSleeper(): Promise<{ pid: number; birth: string }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { pid, birth: (await birthOf(pid)) ?? '' };
}

const nobody = { name: 'supervisor', pid: 2 ** 22 + 1, birth: 'long ago' };

test('a supervisor that is killed takes its processes with it, and the next start has the data', async () => {
  const dataDir = temporaryFolder();
  const script = join(import.meta.dirname, 'fixtures/run-system.ts');
  const supervisor = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void supervisor.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: supervisor.stdout }), 'line')) as [string];
  const pids = JSON.parse(line) as number[];
  expect(pids.length).toBeGreaterThanOrEqual(4);
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  const system = await startTinySystem({ dataDir });
  await vi.waitFor(() => {
    expect(pids.filter(isRunning)).toEqual([]);
  }, patience);
  expect((await ask(system, 'notes')).notes).toEqual(['from the seed']);
});

test('what a killed supervisor left running is ended by the next start', async () => {
  const folder = temporaryFolder();
  const sleeper = await startSleeper();
  writeState(folder, {
    supervisor: nobody,
    processes: [{ name: 'courses', ...sleeper }],
    urls: {},
    databases: {},
  });
  expect(await endOrphans(folder)).toEqual(['courses']);
  expect(await birthOf(sleeper.pid)).toBeUndefined();
  expect(await endOrphans(folder)).toEqual([]);
});

test('a process that only got the number of one of ours is left alone', async () => {
  const folder = temporaryFolder();
  const stranger = await startSleeper();
  writeState(folder, {
    supervisor: nobody,
    processes: [{ name: 'courses', pid: stranger.pid, birth: 'another day' }],
    urls: {},
    databases: {},
  });
  expect(await endOrphans(folder)).toEqual([]);
  expect(await birthOf(stranger.pid)).toBe(stranger.birth);
});
