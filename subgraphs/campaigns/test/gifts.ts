import type { As, TestSubgraph } from '@banyan/kit/testing';
import { donor, key, type UserError } from './support.ts';

const donateMutation = /* GraphQL */ `
  mutation ($input: DonateInput!) {
    donate(input: $input) {
      donation {
        id
        state
        amount {
          minor
          currency
        }
        anonymous
        message
        countedAt
        checkout {
          provider
          url
        }
        payment {
          provider
          providerRef
        }
      }
      campaign {
        id
        totals {
          raised {
            minor
          }
          donationCount
          version
        }
      }
      guestToken
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export interface DonateAnswer {
  donate: {
    donation: {
      id: string;
      state: string;
      amount: { minor: string; currency: string };
      anonymous: boolean;
      message: string | null;
      countedAt: string | null;
      checkout: { provider: string; url: string } | null;
      payment: { provider: string; providerRef: string } | null;
    } | null;
    campaign: {
      id: string;
      totals: { raised: { minor: string }; donationCount: string; version: string };
    } | null;
    guestToken: string | null;
    userErrors: UserError[];
  };
}

/** Gives 10 yuan, or what `over` says. */
export function give(
  campaigns: TestSubgraph,
  campaignId: string,
  over: Record<string, unknown> = {},
  as: As = donor,
) {
  const input = { campaignId, amount: { minor: '1000', currency: 'CNY' }, idempotencyKey: key(), ...over };
  return campaigns.ask<DonateAnswer>(donateMutation, { input }, as);
}

export interface Totals {
  raised: { minor: string; currency: string };
  donationCount: string;
  version: string;
}

export async function totalsOf(campaigns: TestSubgraph, id: string): Promise<Totals> {
  const { data } = await campaigns.ask<{ campaign: { totals: Totals } }>(
    'query ($id: ID!) { campaign(id: $id) { totals { raised { minor currency } donationCount version } } }',
    { id },
  );
  return data.campaign.totals;
}
