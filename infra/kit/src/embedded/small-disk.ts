import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file system of its own, in memory, that can be made full. For fault runs and tests. */
export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted; every account may look into it. */
  readonly folder: string;
  /** Takes away all that is free: who writes more is told that no space is left (ENOSPC). */
  fill(): Promise<void>;
  /** Gives back what `fill` took. */
  clear(): Promise<void>;
}

const run = promisify(execFile);
/** Others may write between our look and the mount. */
const MAX_FILL_ATTEMPTS = 50;

/**
 * Mounts a tmpfs in a new temporary folder; undefined where this program may not mount (it needs Linux and CAP_SYS_ADMIN).
 * It is unmounted when disposed of, and also when this program dies before.
 */
export async function mountSmallDisk(sizeMib: number): Promise<SmallDisk | undefined> {
  if (process.platform !== 'linux') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'banyan-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=755`, 'banyan', folder]);
  } catch {
    await rmdir(folder);
    return undefined;
  }
  await chmod(folder, 0o755);
  const unmount = unmountAtTheEnd(folder);
  const resize = async (size: string) => run('mount', ['-o', `remount,size=${size}`, folder]);
  return {
    folder,
    async fill() {
      for (let attempt = 1; ; attempt += 1) {
        const { bsize, blocks, bfree } = await statfs(folder);
        try {
          // A size of nought would be without a limit.
          await resize(String(bsize * Math.max(1, blocks - bfree)));
          return;
        } catch (error) {
          // Below what is in use the system refuses (tmpfs(5)).
          if (attempt >= MAX_FILL_ATTEMPTS) throw error;
        }
      }
    },
    clear: async () => void (await resize(`${sizeMib}m`)),
    [Symbol.asyncDispose]: unmount,
  };
}

/** A shell that waits for the end of a pipe from this program, which comes on order or with the end of this program. */
function unmountAtTheEnd(folder: string): () => Promise<void> {
  // Lazily: a server that still writes keeps its files until it ends.
  const script = 'read -r _; umount -l "$1"; rmdir "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'unmount', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  return async () => {
    if (shell.exitCode !== null) return;
    const exited = once(shell, 'exit');
    shell.ref();
    shell.stdin.end();
    await exited;
  };
}
