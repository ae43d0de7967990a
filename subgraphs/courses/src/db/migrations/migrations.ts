import { eventsMigration } from '@banyan/kit/events';
import { jobsMigration } from '@banyan/kit/jobs';
import * as catalogue from './0001-catalogue.ts';
import * as sessions from './0002-sessions.ts';
import * as stations from './0003-stations.ts';
import * as topics from './0004-topics.ts';
import * as changes from './0006-changes.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-catalogue': catalogue,
  '0002-sessions': sessions,
  '0003-stations': stations,
  '0004-topics': topics,
  '0005-jobs': jobsMigration,
  '0006-changes': changes,
};
