import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findK6, K6_VERSION } from '../src/k6.ts';
import { LocalProblem } from '../src/system.ts';
import { temporaryFolder } from './tiny-system.ts';

function script(folder: string, name: string, body: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

function place() {
  const root = temporaryFolder();
  const bin = join(root, 'bin');
  const lines: string[] = [];
  const environment = { PATH: bin, XDG_CACHE_HOME: join(root, 'cache') };
  return { bin, root, lines, options: { environment, log: (line: string) => void lines.push(line) } };
}

test('k6 on PATH is the one', async () => {
  const { bin, options } = place();
  const k6 = script(bin, 'k6', 'true');
  expect(await findK6(options)).toBe(k6);
});

test('without one it is built once, at the pinned version, with progress shown', async () => {
  const { bin, root, lines, options } = place();
  const record = `echo "$@" >> ${join(root, 'calls')}; echo downloading >&2`;
  script(bin, 'go', `${record}; printf '#!/bin/sh\\n' > "$GOBIN/k6"; /bin/chmod +x "$GOBIN/k6"`);
  const built = join(root, 'cache/banyan/bin/k6');
  expect(await findK6(options)).toBe(built);
  expect(await findK6(options)).toBe(built);
  expect(readFileSync(join(root, 'calls'), 'utf8')).toBe(`install go.k6.io/k6@${K6_VERSION}\n`);
  expect(lines).toEqual([expect.stringContaining('building k6'), 'downloading', 'k6 is built']);
});

test('a build that fails says why and how else to get k6, and leaves nothing behind', async () => {
  const { bin, root, options } = place();
  script(bin, 'go', 'echo "no route to host" >&2; exit 1');
  const problem = await findK6(options).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(LocalProblem);
  expect((problem as LocalProblem).message).toContain('no route to host');
  expect((problem as LocalProblem).advice).toContain('brew install k6');
  script(bin, 'go', `printf '' > "$GOBIN/k6"; /bin/chmod +x "$GOBIN/k6"`);
  expect(await findK6(options)).toBe(join(root, 'cache/banyan/bin/k6'));
});

test('without Go either it says how to get k6', async () => {
  const { options } = place();
  await expect(findK6(options)).rejects.toThrow('neither is Go');
});
