import type { EventHandler } from '@banyan/kit/events';
import { newId } from '@banyan/kit/graphql';
import { createTestPeer } from '@banyan/kit/testing';
import { consentTextVersions } from '@banyan/vocabulary';
import { campaignsHandlers } from '../src/consumers/campaigns.ts';
import { usersHandlers } from '../src/consumers/users.ts';
import type { Database } from '../src/db/database.ts';
import type { InsuranceUnderTest } from './support.ts';

/** The feeds of users and campaigns, as far as a test has them tell. */
export function createPeers({ app, clock }: InsuranceUnderTest) {
  function peer(feed: string, handlers: Readonly<Record<string, EventHandler<Database>>>) {
    const { tell, drain } = createTestPeer({ db: app.services.db, log: app.log, feed, handlers });
    return {
      /** Tells; the subgraph follows. Gives how many events were read. */
      tell: (type: string, payload: Record<string, unknown>) =>
        tell(type, payload, new Date(Date.now() + clock.aheadMs)),
      drain,
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
