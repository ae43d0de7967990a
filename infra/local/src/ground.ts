import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removePostgresData } from '@banyan/kit/embedded';
import { assertBasePort, assertPortsFree, findFreeBase, portOffsets } from './ports.ts';
import { endOrphans } from './run-state.ts';
import { loadSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import type { Program } from './services.ts';

/** What the system stands on before anything is started. */
export interface Ground {
  readonly folder: string;
  readonly postgresFolder: string;
  readonly sandboxFolder: string;
  readonly isEphemeral: boolean;
  readonly secrets: Secrets;
  /** Port of every program, of `postgres` and `redis`, and of the gateway's operators as `admin`. */
  readonly ports: ReadonlyMap<string, number>;
}

/** What decides about the ground. */
export interface GroundOptions {
  readonly dataDir: string | undefined;
  /** Where the data of the embedded PostgreSQL lie instead of `dataDir`. */
  readonly postgresFolder: string | undefined;
  readonly basePort: number;
  readonly fresh: boolean;
  readonly programs: readonly Program[];
  /** Embedded servers to start; others need no port. */
  readonly servers: readonly ('postgres' | 'redis')[];
  readonly log: (line: string) => void;
}

/** Makes the data folder, ends what an earlier run left behind, and looks for the ports. Throws `LocalProblem`. */
export async function prepareGround(options: GroundOptions): Promise<Ground> {
  const { dataDir } = options;
  const kept = dataDir === undefined ? undefined : resolve(dataDir);
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    const orphans = await endOrphans(kept);
    if (orphans.length > 0) options.log(`ended what an earlier run left behind: ${orphans.join(', ')}`);
  }
  const ports = await choosePorts(options);
  const isEphemeral = kept === undefined;
  const folder = kept ?? (await makeTemporary());
  const postgresFolder = options.postgresFolder ?? join(folder, 'postgres');
  const sandboxFolder = join(folder, 'sandbox');
  if (options.fresh) {
    await removePostgresData(postgresFolder);
    await rm(sandboxFolder, { recursive: true, force: true });
    await rm(join(folder, 'secrets.json'), { force: true });
  }
  await mkdir(sandboxFolder, { recursive: true });
  const secrets = await loadSecrets(folder);
  return { folder, postgresFolder, sandboxFolder, isEphemeral, secrets, ports };
}

/** Removes the folder of a system that keeps nothing. */
export async function clearGround(ground: Ground): Promise<void> {
  if (!ground.isEphemeral) return;
  await removePostgresData(ground.postgresFolder);
  await rm(ground.folder, { recursive: true, force: true });
}

async function makeTemporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-system-'));
  // PostgreSQL may run under another account and must get through; the secrets inside are closed to it.
  await chmod(folder, 0o755);
  return folder;
}

async function choosePorts(options: GroundOptions): Promise<Map<string, number>> {
  const offsets = new Map<string, number>(options.programs.map(({ name, portOffset }) => [name, portOffset]));
  for (const server of options.servers) offsets.set(server, portOffsets[server]);
  if (options.programs.some(({ kind }) => kind === 'gateway')) offsets.set('admin', portOffsets.admin);
  const base = options.basePort === 0 ? await findFreeBase([...offsets.values()]) : options.basePort;
  assertBasePort(base);
  // The gateway's port is the one that people know; if it is taken, that is the one to speak of.
  const byOffset = [...offsets].sort(([, left], [, right]) => left - right);
  const ports = new Map(byOffset.map(([name, offset]) => [name, base + offset]));
  await assertPortsFree(ports);
  return ports;
}
