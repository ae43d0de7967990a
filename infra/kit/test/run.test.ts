import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('fixtures/drains.ts', import.meta.url));

test('a drain may take longer than the patience with what does not end', async () => {
  const [drainMs, patienceMs] = [2_500, 2_000];
  const child = spawn(process.execPath, [program, String(drainMs), String(patienceMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
