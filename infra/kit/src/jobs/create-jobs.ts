import { setTimeout as delay } from 'node:timers/promises';
import { parseCrontab, run, runOnce } from 'graphile-worker';
import type { Runner, RunnerOptions, TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { workerLogger } from './worker-logger.ts';

/** What a task knows about its run. */
export interface JobRun {
  readonly jobId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
}

/**
 * The work of a job. It may run more than once (a crash after the work and before its record), so its effect must bear
 * that. What it throws is logged, and it is tried again later.
 */
export type JobTask = (payload: unknown, job: JobRun) => Promise<void>;

/** What to work on. */
export interface JobsOptions {
  /** URL of the app role; the worker has connections of its own. */
  readonly url: string;
  readonly tasks: Readonly<Record<string, JobTask>>;
  /** Schedules in graphile-worker's crontab format (UTC), one a line: `0 3 * * * sweep`. One process runs each. */
  readonly crontab?: string;
  readonly log: Logger;
  /** How many jobs this process runs at once. Default 2. */
  readonly maxConcurrentJobs?: number;
  /** How often it looks for jobs whose time has come; new ones wake it at once. Default 2,000. */
  readonly pollIntervalMs?: number;
}

/** Background work of one process. */
export interface Jobs {
  /** Begins to work, now or as soon as the database is there. */
  start(): void;
  /** Ends after the jobs at hand. */
  stop(): Promise<void>;
  /** Runs every job that is due, then returns; for tests. */
  drain(): Promise<void>;
}

const RESTART_PAUSE_MS = 2_000;

/**
 * A worker over graphile-worker. A job is run by one process at a time; a lost database connection is waited out.
 * Throws at once when the crontab cannot be read.
 */
export function createJobs(options: JobsOptions): Jobs {
  const { log } = options;
  const maxConcurrentJobs = options.maxConcurrentJobs ?? 2;
  const maxConnections = maxConcurrentJobs + 2;
  const once = {
    taskList: taskList(options.tasks),
    noHandleSignals: true,
    logger: workerLogger(log),
  };
  const settings: RunnerOptions = {
    ...once,
    concurrency: maxConcurrentJobs,
    pollInterval: options.pollIntervalMs ?? 2_000,
    parsedCronItems: options.crontab === undefined ? [] : parseCrontab(options.crontab),
  };
  const stopping = new AbortController();
  let runner: Runner | undefined;
  let working: Promise<void> = Promise.resolve();

  async function work(): Promise<void> {
    const pgPool = createPool(options.url, maxConnections, log);
    while (!stopping.signal.aborted) {
      try {
        runner = await run({ ...settings, pgPool });
        // Asked to stop while it was starting.
        if (stopping.signal.aborted) await runner.stop();
        await runner.promise;
      } catch (error) {
        log.warn({ err: error }, 'background work is interrupted');
      }
      runner = undefined;
      await delay(RESTART_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await pgPool.end();
  }

  return {
    start: () => {
      working = work();
    },
    stop: async () => {
      stopping.abort();
      await runner?.stop().catch(() => undefined);
      await working;
    },
    drain: async () => {
      const pgPool = createPool(options.url, maxConnections, log);
      try {
        await runOnce({ ...once, pgPool });
      } finally {
        await pgPool.end();
      }
    },
  };
}

/** The worker's own connections. One that breaks, be it while it is closing, is replaced; unheard, it would end the process. */
function createPool(url: string, max: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  const heard = (error: Error) => {
    log.debug({ err: error }, 'worker connection lost');
  };
  pool.on('error', heard);
  pool.on('connect', (client) => client.on('error', heard));
  return pool;
}

function taskList(tasks: JobsOptions['tasks']): TaskList {
  const list: TaskList = {};
  for (const [name, task] of Object.entries(tasks)) {
    list[name] = async (payload, { job }) =>
      task(payload, { jobId: job.id, attempt: job.attempts, maxAttempts: job.max_attempts });
  }
  return list;
}
