import type { IncomingMessage } from 'node:http';
import type { Logger } from '@banyan/kit/service';
import type { Identities } from '../identity/caller-of.ts';
import type { Limits } from '../limits/limits.ts';
import type { Quotas } from '../quotas/quotas.ts';
import type { Admit } from './admit.ts';
import type { Connections } from './connections.ts';
import type { Hub } from './hub.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Sessions } from './session.ts';
import type { LiveSettings } from './settings.ts';

/** What all transports of subscriptions stand on. */
export interface TransportOptions {
  hub: Hub;
  admit: Admit;
  sessions: Sessions;
  connections: Connections;
  /** The address that a stranger is counted by. */
  addressOf(request: IncomingMessage): string;
  identities: Identities;
  quotas: Quotas;
  limits: Limits;
  settings: LiveSettings;
  metrics: LiveMetrics;
  log: Logger;
}
