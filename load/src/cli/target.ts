import { defaultBasePort, defaultDataDir, findRunningSystem, LocalProblem } from '@banyan/local';
import { targetOf, type Loaded } from './loaded.ts';
import { startOwnSystem, type OwnSystemOptions } from './own-system.ts';

export interface TargetOptions extends OwnSystemOptions {
  readonly url: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly sandboxUrl: string | undefined;
  /** Whether the run needs a system of its own: to break it, or because it is to be another than one that runs. */
  readonly needsOwn: boolean;
  readonly say: (line: string) => void;
}

/** The system named, the one that runs, or one of our own. */
export async function findTarget(options: TargetOptions): Promise<Loaded> {
  const { url, databaseUrl, sandboxUrl, needsOwn, say } = options;
  if (url !== undefined && needsOwn) {
    throw new LocalProblem(
      'Only a system that this run has started itself is broken, or has processes and budgets of its own.',
      'Leave --url out, or set up and break the other system by its own means while npm run surge -- --url … loads it.',
    );
  }
  if (url !== undefined) {
    if (databaseUrl === undefined) {
      throw new LocalProblem(
        'The auditor must see the ledger.',
        'Add --database-url with the campaigns database.',
      );
    }
    const target = { graphUrl: new URL('/graphql', url).href, databaseUrl, sandboxUrl };
    return { target, [Symbol.asyncDispose]: async () => undefined };
  }
  const running = needsOwn ? undefined : await findRunningSystem(defaultDataDir);
  if (running !== undefined) {
    say(`Loading the system that runs at ${running.urls['gateway'] ?? `port ${defaultBasePort}`}.`);
    return { target: targetOf(running), [Symbol.asyncDispose]: async () => undefined };
  }
  say('Starting a system for this run.');
  return startOwnSystem(options);
}
