import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findFreeBase } from '../src/ports.ts';
import { findRunningSystem } from '../src/system.ts';
import { brokenProgram, tinyPrograms } from './fixtures/programs.ts';
import { failureOf, startTinySystem, temporaryFolder } from './tiny-system.ts';

describe('a problem is one line with advice', () => {
  test('a busy port: which one, who has it, what to do', async () => {
    const base = await findFreeBase([0, 101, 379, 432, 900]);
    const squatter = createServer().listen(base + 101, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await vi.waitFor(() => {
      expect((squatter.address() as AddressInfo | null)?.port).toBe(base + 101);
    });
    const problem = await failureOf(startTinySystem({ basePort: base }));
    expect(problem.message).toMatch(new RegExp(`^Port ${base + 101} \\(notes\\) is taken by .+`));
    if (process.platform === 'linux') expect(problem.message).toContain(`(process ${process.pid})`);
    expect(problem.advice).toContain('--port');
  });

  test('a base port that cannot be', async () => {
    const problem = await failureOf(startTinySystem({ basePort: 65_000 }));
    expect(problem.message).toBe('65000 cannot be the base port.');
  });

  test('a program that does not come up: its last lines, and nothing is left', async () => {
    const dataDir = temporaryFolder();
    const problem = await failureOf(startTinySystem({ dataDir, programs: [...tinyPrograms, brokenProgram] }));
    expect(problem.message).toContain('broken did not start (code 2)');
    expect(problem.message).toContain('COLOUR: expected green');
    expect(await findRunningSystem(dataDir)).toBeUndefined();
  });

  test('secrets that do not belong to the data', async () => {
    const dataDir = temporaryFolder();
    await (await startTinySystem({ dataDir })).stop();
    rmSync(join(dataDir, 'secrets.json'));
    const problem = await failureOf(startTinySystem({ dataDir }));
    expect(problem.advice).toContain('--fresh');
  });
});
