import { createJobs, type Jobs } from '@banyan/kit/jobs';
import type { Logger } from '@banyan/kit/service';
import type { Services } from '../context.ts';
import { reckonHotSearch } from '../domain/reckon-hot-search.ts';

/** The task that reckons heat and ranks. */
export const reckonTask = 'reckon-hot-search';

/** Reckons the hot search once a minute, in one of the processes; what a missed minute leaves the next one brings. */
export function createHotSearchJobs(options: {
  url: string;
  services: Pick<Services, 'db' | 'now' | 'hotSearchCopies'>;
  log: Logger;
}): Jobs {
  return createJobs({
    url: options.url,
    log: options.log,
    maxConcurrentJobs: 1,
    tasks: { [reckonTask]: async () => void (await reckonHotSearch(options.services)) },
    crontab: `* * * * * ${reckonTask} ?max=1`,
  });
}
