/** Background work and schedules, kept in the service's own database. */
export { addJob } from './add-job.ts';
export type { JobOptions } from './add-job.ts';
export { createJobs } from './create-jobs.ts';
export type { JobRun, JobTask, Jobs, JobsOptions } from './create-jobs.ts';
export { jobsMigration } from './migration.ts';
export { repeat } from './repeat.ts';
export type { Repeated } from './repeat.ts';
