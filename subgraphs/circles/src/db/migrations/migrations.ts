import { eventsMigration } from '@banyan/kit/events';
import * as circles from './0001-circles.ts';
import * as posts from './0002-posts.ts';
import * as knownOfPeers from './0003-known-of-peers.ts';
import * as changes from './0004-changes.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-circles': circles,
  '0002-posts': posts,
  '0003-known-of-peers': knownOfPeers,
  '0004-changes': changes,
};
