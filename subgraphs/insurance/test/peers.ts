import { createConsumer, type EventHandler } from '@banyan/kit/events';
import { newId } from '@banyan/kit/graphql';
import { consentTextVersions } from '@banyan/vocabulary';
import { campaignsHandlers } from '../src/consumers/campaigns.ts';
import { usersHandlers } from '../src/consumers/users.ts';
import type { Database } from '../src/db/database.ts';
import type { InsuranceUnderTest } from './support.ts';

interface Told {
  type: string;
  payload: Record<string, unknown>;
  occurredAt: string;
}

/** The feeds of users and campaigns, as far as a test has them tell. */
export function createPeers({ app, clock }: InsuranceUnderTest) {
  function peer(feed: string, handlers: Readonly<Record<string, EventHandler<Database>>>) {
    const events: Told[] = [];
    const create = () =>
      createConsumer({
        db: app.services.db,
        feed,
        handlers,
        log: app.log,
        fetchPage: async (after) => {
          const from = Number(after.split('.')[1]);
          const news = events.slice(from).map((event, index) => ({
            ...event,
            id: newId('evt'),
            subject: '',
            cursor: `0.${from + index + 1}`,
          }));
          return { events: news, cursor: `0.${events.length}` };
        },
      });
    return {
      /** Tells; the subgraph follows. Gives how many events were read. */
      tell(type: string, payload: Record<string, unknown>): Promise<number> {
        events.push({ type, payload, occurredAt: new Date(Date.now() + clock.aheadMs).toISOString() });
        return create().drain();
      },
      drain: () => create().drain(),
    };
  }
  const users = peer('users', usersHandlers);
  const campaigns = peer('campaigns', campaignsHandlers);
  return {
    users,
    campaigns,
    consent: (userId: string, granted = true, textVersion = consentTextVersions.INSURANCE_OFFERS) =>
      users.tell('consent.changed', { userId, purpose: 'INSURANCE_OFFERS', granted, textVersion }),
    gift: (userId: string | null, campaignId: string) =>
      campaigns.tell('donation.counted', {
        donationId: newId('don'),
        campaignId,
        payerId: newId('pay'),
        userId,
      }),
  };
}
