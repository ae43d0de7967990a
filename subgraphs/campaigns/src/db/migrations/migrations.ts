import { eventsMigration } from '@banyan/kit/events';
import { ledgerMigration } from '@banyan/ledger';
import * as campaigns from './0002-campaigns.ts';
import * as reviews from './0003-reviews.ts';
import * as peers from './0004-peers.ts';
import * as gifts from './0005-gifts.ts';
import * as giftFunctions from './0006-gift-functions.ts';
import * as changes from './0007-changes.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-ledger': ledgerMigration,
  '0002-campaigns': campaigns,
  '0003-reviews': reviews,
  '0004-peers': peers,
  '0005-gifts': gifts,
  '0006-gift-functions': giftFunctions,
  '0007-changes': changes,
};
