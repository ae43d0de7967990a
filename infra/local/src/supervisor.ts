import process from 'node:process';
import { LocalProblem } from './local-problem.ts';
import type { Ground } from './ground.ts';
import type { Kept } from './keep-running.ts';
import { describeProcess, writeState } from './run-state.ts';
import type { StoreEvents } from './stores.ts';

/** What is started after what; stopped the other way round. */
const stages = ['postgres', 'redis', 'sandbox', 'subgraph', 'gateway'] as const;
export type Stage = (typeof stages)[number];

/** Holds the processes of a system and writes down which they are. */
export interface Supervisor {
  readonly events: StoreEvents;
  /** Takes a running process into its care. */
  keep(stage: Stage, kept: Kept): void;
  pid(name: string): number | undefined;
  restarts(name: string): number;
  /** Writes down where the system can be found. */
  publish(urls: Readonly<Record<string, string>>, databases: Readonly<Record<string, string>>): Promise<void>;
  /** Ends all processes, stage by stage. */
  stop(): Promise<void>;
}

/** A supervisor with nothing to supervise yet. */
export async function createSupervisor(
  ground: Ground,
  log: (source: string, line: string) => void,
): Promise<Supervisor> {
  const kept = new Map<string, { readonly stage: Stage; readonly process: Kept }>();
  let place = { urls: {}, databases: {} };
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const own = await describeProcess('supervisor', process.pid);
    if (!own)
      throw new LocalProblem('This system does not tell which processes run.', 'Install "ps" (procps).');
    const described = await Promise.all(
      [...kept].map(async ([name, { process: each }]) => {
        const pid = each.pid();
        return pid === undefined ? undefined : describeProcess(name, pid);
      }),
    );
    writeState(ground.folder, {
      supervisor: own,
      processes: described.filter((each) => each !== undefined),
      ...place,
    });
  }

  /** One write at a time; the last one tells the latest. */
  async function record(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  function recordLater(): void {
    record().catch((error: unknown) => {
      log('banyan', `the list of processes could not be written: ${String(error)}`);
      writing = Promise.resolve();
    });
  }

  await record();
  return {
    events: { log, onChange: recordLater },
    keep: (stage, each) => {
      kept.set(each.name, { stage, process: each });
      recordLater();
    },
    pid: (name) => kept.get(name)?.process.pid(),
    restarts: (name) => kept.get(name)?.process.restarts() ?? 0,
    publish: async (urls, databases) => {
      place = { urls, databases };
      await record();
    },
    stop: async () => {
      for (const stage of stages.toReversed()) {
        const members = [...kept.values()].filter((each) => each.stage === stage);
        await Promise.all(members.map(async (each) => each.process.stop()));
      }
      await writing;
    },
  };
}
