import { mkdtempSync, chmodSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgresData } from '@banyan/kit/embedded';
import { onTestFinished } from 'vitest';
import { startSystem } from '../src/system.ts';
import type { System, SystemOptions } from '../src/system.ts';
import { tinyPrograms } from './fixtures/programs.ts';

/** A folder for the data of one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-local-test-'));
  // PostgreSQL may run under another account.
  chmodSync(folder, 0o755);
  onTestFinished(async () => {
    await removePostgresData(join(folder, 'postgres'));
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The tiny system on free ports; stopped when the test ends. */
export async function startTinySystem(options: SystemOptions = {}): Promise<System> {
  const system = await startSystem({
    basePort: 0,
    fsync: false,
    programs: tinyPrograms,
    environment: process.env,
    ...options,
  });
  onTestFinished(async () => system.stop());
  return system;
}

/** What the tiny programs answer. */
export interface TinyAnswer {
  readonly pid: number;
  readonly settings: readonly string[];
  readonly notes: readonly string[];
  /** What the gateway was told of the subgraphs' processes. */
  readonly urls?: { readonly subgraphs?: string; readonly mutations?: string };
}

export async function ask(system: System, name: string): Promise<TinyAnswer> {
  const response = await fetch(system.urls[name] ?? '');
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as TinyAnswer;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function pidsOf(system: System): number[] {
  return ['gateway', 'notes', 'sandbox', 'postgres', 'redis']
    .map((name) => system.pid(name))
    .filter((pid) => pid !== undefined);
}
