import { eventsMigration } from '@banyan/kit/events';
import { jobsMigration } from '@banyan/kit/jobs';
import * as people from './0001-people.ts';
import * as consentsAndFacts from './0002-consents-and-facts.ts';
import * as organisations from './0003-organisations.ts';
import * as relatives from './0004-relatives.ts';
import * as notifications from './0005-notifications.ts';
import * as realNames from './0006-real-names.ts';
import * as refreshChains from './0008-refresh-chains.ts';
import * as partnerApps from './0009-partner-apps.ts';
import * as changes from './0010-changes.ts';
import * as endedSessions from './0011-ended-sessions.ts';

/** In the order of their names; a migration that has been released never changes. */
export const migrations = {
  '0000-events': eventsMigration,
  '0001-people': people,
  '0002-consents-and-facts': consentsAndFacts,
  '0003-organisations': organisations,
  '0004-relatives': relatives,
  '0005-notifications': notifications,
  '0006-real-names': realNames,
  '0007-jobs': jobsMigration,
  '0008-refresh-chains': refreshChains,
  '0009-partner-apps': partnerApps,
  '0010-changes': changes,
  '0011-ended-sessions': endedSessions,
};
