import { mkdtempSync, chmodSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgresData } from '@banyan/kit/embedded';
import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { startSystem } from '../src/system.ts';
import type { LocalProblem, System, SystemOptions } from '../src/system.ts';
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

/** Writes what a later start must find, or must not. */
export async function addNote(url: string | undefined, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('insert into notes values ($1)', [text]);
  await client.end();
}

/** What a start that fails tells the developer. */
export async function failureOf(start: Promise<unknown>): Promise<LocalProblem> {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as LocalProblem;
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
