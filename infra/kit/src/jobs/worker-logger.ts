import { Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from 'pino';

/** Says nothing. */
export const quietLogger = new WorkerLogger(() => () => undefined);

/** graphile-worker's lines in the service's log: its routine is debug there. Payloads stay out, they may be personal. */
export function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message) => {
    const line = { task: scope.taskIdentifier, jobId: scope.jobId };
    if (level === 'error') log.error(line, message);
    else if (level === 'warning') log.warn(line, message);
    else log.debug(line, message);
  });
}
