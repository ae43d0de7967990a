import { eventsMigration } from '@banyan/kit/events';
import * as people from './0001-people.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-people': people,
};
