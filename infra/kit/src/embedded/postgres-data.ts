import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { canRead } from './account.ts';
import type { Account } from './account.ts';
import { EmbeddedError } from './embedded-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { SHARED_FOLDER, makeSharedFolder } from './shared-folder.ts';

const run = promisify(execFile);
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const BYTES_PER_MIB = 1024 * 1024;

/** A new empty folder for data that nobody keeps, which the account may enter. */
export async function makeEphemeralFolder(account: Account | undefined): Promise<string> {
  let parent = tmpdir();
  if (account && !canRead(account, parent)) {
    await makeSharedFolder();
    parent = SHARED_FOLDER;
  }
  const folder = await mkdtemp(join(parent, 'banyan-postgres-'));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}

/**
 * The folder that really holds the data of `dataDir`: usually itself. When the account may not enter the folders
 * above, the data lie below `/var/lib/banyan` and `dataDir` is a symbolic link to them; who removes the link has
 * thrown the data away.
 */
export async function placeDataFolder(dataDir: string, account: Account | undefined): Promise<string> {
  const wanted = resolve(dataDir);
  await mkdir(dirname(wanted), { recursive: true });
  const entry = await lstat(wanted).catch(() => null);
  if (entry?.isSymbolicLink()) return readlink(wanted);
  if (!account || canRead(account, dirname(wanted))) return wanted;
  if (entry) {
    if ((await readdir(wanted)).length > 0) throw notOurs(wanted, 'the account "postgres" cannot reach it');
    await rmdir(wanted);
  }
  await makeSharedFolder();
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const target = join(SHARED_FOLDER, `data-${name}`);
  await rm(target, { recursive: true, force: true });
  await symlink(target, wanted);
  return target;
}

/** Removes the data of a stopped embedded PostgreSQL, wherever they lie; nothing happens when there are none. */
export async function removePostgresData(dataDir: string): Promise<void> {
  const wanted = resolve(dataDir);
  const entry = await lstat(wanted).catch(() => null);
  if (entry?.isSymbolicLink()) await rm(await readlink(wanted), { recursive: true, force: true });
  await rm(wanted, { recursive: true, force: true });
}

/**
 * Makes sure that the folder holds a database cluster of our major version: makes one when the folder is missing
 * or empty. A cluster is built beside its place and moved there whole, so that an interrupted start leaves none by halves.
 * Throws `EmbeddedError` VERSION_MISMATCH, DATA_NOT_OURS or DISK_FULL.
 */
export async function prepareCluster(
  folder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
  password: string,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await assertDiskHasRoom(dirname(folder));
  const entries = await readdir(folder).catch(() => []);
  if (entries.length === 0) return initialise(folder, binaries, account, password);
  const found = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => null);
  if (found === null) throw notOurs(folder, 'it holds other files');
  if (Number.parseInt(found, 10) !== binaries.majorVersion) {
    throw new EmbeddedError(
      'VERSION_MISMATCH',
      `${folder} belongs to PostgreSQL ${found.trim()}, this is PostgreSQL ${binaries.majorVersion}.`,
      'Start anew with --fresh (this deletes the local data), or carry the data over with pg_upgrade.',
    );
  }
  const owner = await lstat(await realpath(folder));
  const self = account?.uid ?? process.getuid?.();
  if (self !== undefined && owner.uid !== self) {
    throw notOurs(folder, `it belongs to user number ${owner.uid}, PostgreSQL would run as ${self}`);
  }
}

async function initialise(
  folder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
  password: string,
): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  const passwordFile = `${draft}.password`;
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  // The built-in provider sorts the same on every machine; LC_CTYPE must know Chinese letters, or pg_trgm drops them.
  const ctype = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const args = [
    `--pgdata=${draft}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${ctype}`,
    '--data-checksums',
    '--no-instructions',
  ];
  try {
    await run(binaries.initdb, args, { cwd: '/', env: { ...process.env, LC_ALL: 'C' }, ...account });
    await chmod(draft, 0o700);
    await rmdir(folder).catch(() => undefined);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw explainFailure(error instanceof Error ? error.message : String(error), folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Turns what PostgreSQL printed before it gave up into an error with one line and advice. */
export function explainFailure(output: string, folder: string): EmbeddedError {
  if (/No space left on device/i.test(output)) return diskFull(folder, 'no space left on device');
  const line = output.split('\n').findLast((each) => /FATAL|PANIC|error/i.test(each));
  return new EmbeddedError(
    'START_FAILED',
    `PostgreSQL did not start: ${(line ?? output.trim().split('\n').at(-1) ?? 'no output').trim()}`,
    `Look at the lines above; if the data in ${folder} are damaged, start anew with --fresh.`,
  );
}

async function assertDiskHasRoom(folder: string): Promise<void> {
  const disk = await statfs(folder);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes < MIN_FREE_BYTES) {
    throw diskFull(folder, `${Math.floor(freeBytes / BYTES_PER_MIB)} MiB free, 256 MiB needed`);
  }
}

function diskFull(folder: string, reason: string): EmbeddedError {
  return new EmbeddedError(
    'DISK_FULL',
    `The disk of ${folder} is full (${reason}).`,
    'Free some space and start again.',
  );
}

function notOurs(folder: string, reason: string): EmbeddedError {
  return new EmbeddedError(
    'DATA_NOT_OURS',
    `${folder} cannot be used for PostgreSQL: ${reason}.`,
    'Move it away or choose another data folder, then start again.',
  );
}
