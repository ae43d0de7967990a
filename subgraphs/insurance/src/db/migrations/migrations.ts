import { eventsMigration } from '@banyan/kit/events';
import * as products from './0001-products.ts';
import * as policies from './0002-policies.ts';
import * as mutualAid from './0003-mutual-aid.ts';
import * as payments from './0004-payments.ts';
import * as offers from './0005-offers.ts';
import * as changes from './0006-changes.ts';
import * as keptNotifications from './0007-kept-notifications.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-products': products,
  '0002-policies': policies,
  '0003-mutual-aid': mutualAid,
  '0004-payments': payments,
  '0005-offers': offers,
  '0006-changes': changes,
  '0007-kept-notifications': keptNotifications,
};
