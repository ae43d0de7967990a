import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '@banyan/kit/service';
import { Counter, Gauge, type Registry } from 'prom-client';

export interface SupergraphWatchOptions {
  path: string;
  /** The supergraph that is served at the beginning. */
  served: string;
  /** How often the file is looked at, in milliseconds. */
  pollMs: number;
  /** Goes over to another supergraph; rejects, and stays with the old one, when it cannot be served. */
  swap: (supergraphSdl: string) => Promise<void>;
  registry: Registry;
  log: Logger;
}

export interface SupergraphWatch {
  start(): void;
  /** Ends after the look at hand. */
  stop(): Promise<void>;
  /** Looks at the file now; not once it was stopped. */
  look(): Promise<void>;
}

/** Short, for people who compare it with `sha256sum` of a file. */
function versionOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex').slice(0, 12);
}

function createWatchMetrics(registry: Registry) {
  const registers = [registry];
  return {
    served: new Gauge({
      name: 'banyan_edge_supergraph',
      help: 'The supergraph that is served, by the beginning of its SHA-256.',
      labelNames: ['version'],
      registers,
    }),
    changes: new Counter({
      name: 'banyan_edge_supergraph_changes_total',
      help: 'Other supergraphs that were found in the file: served, or refused because they cannot be.',
      labelNames: ['outcome'],
      registers,
    }),
    isRefused: new Gauge({
      name: 'banyan_edge_supergraph_refused',
      help: 'Whether the file holds a supergraph that cannot be served, while an older one is.',
      registers,
    }),
  };
}

/** Goes over to what the file holds, where that is another supergraph, and tells once of each that cannot be served. */
class Follower {
  readonly #options: SupergraphWatchOptions;
  readonly #metrics: ReturnType<typeof createWatchMetrics>;
  #served: string;
  #refused: string | undefined;

  constructor(options: SupergraphWatchOptions) {
    this.#options = options;
    this.#metrics = createWatchMetrics(options.registry);
    this.#served = versionOf(options.served);
    this.#metrics.served.set({ version: this.#served }, 1);
    this.#metrics.isRefused.set(0);
  }

  async take(sdl: string): Promise<void> {
    const version = versionOf(sdl);
    if (version === this.#refused) return;
    if (version !== this.#served) {
      try {
        await this.#options.swap(sdl);
      } catch (error) {
        this.refuse(version, error);
        return;
      }
      this.#note(version);
    }
    this.#refused = undefined;
    this.#metrics.isRefused.set(0);
  }

  refuse(version: string, error: unknown): void {
    if (version === this.#refused) return;
    this.#refused = version;
    this.#metrics.isRefused.set(1);
    this.#metrics.changes.inc({ outcome: 'refused' });
    const { log, path } = this.#options;
    const words = 'this supergraph cannot be served; the old one serves on';
    log.error({ err: error, path, version, served: this.#served }, words);
  }

  #note(version: string): void {
    const { log, path } = this.#options;
    log.info({ path, version, before: this.#served }, 'another supergraph is served');
    this.#metrics.served.remove({ version: this.#served });
    this.#metrics.served.set({ version }, 1);
    this.#metrics.changes.inc({ outcome: 'served' });
    this.#served = version;
  }
}

/**
 * Goes over to another supergraph when the file holds one. The file is looked at ever again, since watches by events miss
 * mounted volumes and renames; it is read when two looks find it the same, so that one that is being written is left
 * alone. What cannot be served is told once, and the old one serves on.
 */
export function createSupergraphWatch(options: SupergraphWatchOptions): SupergraphWatch {
  const { path } = options;
  const follower = new Follower(options);
  let lastStamp: string | undefined;
  let readStamp: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  /** @param settled whether the file is read only once two looks have found it the same. */
  async function lookOnce(settled: boolean): Promise<void> {
    if (isStopped) return;
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const isSettled = stamp === lastStamp;
      lastStamp = stamp;
      if (stamp === readStamp || (settled && !isSettled)) return;
      await follower.take(await readFile(path, 'utf8'));
      readStamp = stamp;
    } catch (error) {
      // Gone for a moment while it is replaced, or for longer: there is nothing to go over to.
      readStamp = undefined;
      follower.refuse('unreadable', error);
    }
  }

  /** One look at a time. */
  function look(settled: boolean): Promise<void> {
    looking = looking.then(() => lookOnce(settled));
    return looking;
  }

  return {
    start() {
      isStopped = false;
      timer = setInterval(() => void look(true), options.pollMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await looking;
      isStopped = true;
    },
    look: () => look(false),
  };
}
