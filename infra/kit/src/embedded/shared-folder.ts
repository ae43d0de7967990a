import { chmod, mkdir } from 'node:fs/promises';

/**
 * Where files go that a server under another account must reach when the folder they belong to is closed to it,
 * as everything below a home folder of mode 0700 is. Used by root alone.
 */
export const SHARED_FOLDER = '/var/lib/banyan';

/** Makes the shared folder, open to read for every account whatever the umask. */
export async function makeSharedFolder(): Promise<void> {
  await mkdir(SHARED_FOLDER, { recursive: true });
  await chmod(SHARED_FOLDER, 0o755);
}
