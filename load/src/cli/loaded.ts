import type { Machinery } from '../faults/machinery.ts';
import type { Target } from '../run.ts';

/** A system to load, ours or another's. */
export interface Loaded extends AsyncDisposable {
  readonly target: Target;
  /** Present for a system that this run has started: no other one is ever broken. */
  readonly machinery?: Machinery;
}

/** Where a system that runs on this machine is loaded and judged. */
export function targetOf(system: {
  urls: Readonly<Record<string, string>>;
  databases: Readonly<Record<string, string>>;
}): Target {
  const { gateway, sandbox } = system.urls;
  const databaseUrl = system.databases['campaigns'];
  if (gateway === undefined || databaseUrl === undefined)
    throw new Error('The system has no gateway or no campaigns.');
  const campaignsUrls = Object.entries(system.urls)
    .filter(([name]) => /^(campaigns|gifts)(-\d+)?$/.test(name))
    .map(([, url]) => url);
  return { graphUrl: `${gateway}/graphql`, databaseUrl, sandboxUrl: sandbox, campaignsUrls };
}
