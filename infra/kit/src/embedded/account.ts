import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedError } from './embedded-error.ts';

/** The operating system account that a server process runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const ACCOUNT_NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root; then it runs as the account `postgres`, which is created when it is missing.
 * For everybody else the answer is undefined: the server runs as whoever started it.
 * Throws `EmbeddedError` NO_ACCOUNT when the account cannot be created.
 */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await findAccount()) ?? createAccount();
}

async function findAccount(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT_NAME]), run('id', ['-g', ACCOUNT_NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function createAccount(): Promise<Account> {
  try {
    await run('groupadd', ['--force', '--system', ACCOUNT_NAME]);
    await run('useradd', ['--system', '--no-create-home', '--gid', ACCOUNT_NAME, ACCOUNT_NAME]);
  } catch {
    // Another process may have created it in the same moment: the question below decides.
  }
  const account = await findAccount();
  if (account) return account;
  throw new EmbeddedError(
    'NO_ACCOUNT',
    `PostgreSQL must not run as root, and the account "${ACCOUNT_NAME}" could not be created.`,
    `Create it (useradd --system ${ACCOUNT_NAME}), or run this as an ordinary user.`,
  );
}

/** Whether the account can read the path: every folder above it must let the account through. */
export function canRead(account: Account, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -r "$1"', 'sh', path], { cwd: '/', ...account }).status === 0;
}
