import type { GraphAnswer } from './graph-client.ts';
import type { TestGraph } from './test-graph.ts';

const donate = /* GraphQL */ `
  mutation Donate($input: DonateInput!) {
    donate(input: $input) {
      donation {
        id
        state
        amount {
          minor
        }
      }
      campaign {
        totals {
          donationCount
          version
          raised {
            minor
          }
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;
interface Donated {
  donate: {
    donation: { id: string; state: string } | null;
    campaign: { totals: { donationCount: string; version: string } } | null;
    userErrors: { code: string; field: string[] }[];
  };
}

const hot = /* GraphQL */ `
  query Hot {
    campaign(slug: "liu-zhiqiang") {
      id
      totals {
        donationCount
        version
      }
    }
  }
`;
interface Hot {
  campaign: { id: string; totals: { donationCount: string; version: string } };
}

/** The campaign that everybody gives to, and its totals. */
export async function readHot({ ask }: TestGraph): Promise<Hot['campaign']> {
  return (await ask<Hot>(hot)).data.campaign;
}

/** What is given, by whom and to which campaign: by default 10 yuan of the donor, to the hot one, under a new key. */
interface Gift {
  readonly key?: string;
  readonly token?: string;
  /** In fen. */
  readonly amount?: string;
  readonly campaignId?: string;
}

/** Gives. */
export async function give(graph: TestGraph, gift: Gift = {}): Promise<GraphAnswer<Donated>> {
  const { key = crypto.randomUUID(), token = graph.donor, amount = '1000' } = gift;
  const campaignId = gift.campaignId ?? (await readHot(graph)).id;
  const input = { campaignId, amount: { minor: amount, currency: 'CNY' }, idempotencyKey: key };
  return graph.ask<Donated>(donate, { input }, token);
}
