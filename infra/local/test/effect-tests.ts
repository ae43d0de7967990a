import { expect, test } from 'vitest';
import { signInBySms } from './graph-client.ts';
import { give } from './graph-gifts.ts';
import type { TestGraph } from './test-graph.ts';

const patience = { timeout: 60_000 };

/** Ids of campaigns that take yuan. */
async function findCampaigns({ ask }: TestGraph, count: number): Promise<string[]> {
  const { data } = await ask<{ campaigns: { nodes: { id: string; goal: { currency: string } }[] } }>(
    '{ campaigns(first: 50) { nodes { id goal { currency } } } }',
  );
  return data.campaigns.nodes
    .filter(({ goal }) => goal.currency === 'CNY')
    .slice(0, count)
    .map(({ id }) => id);
}

const trust = /* GraphQL */ `
  query Trust {
    me {
      trust {
        signals {
          kind
          points
        }
      }
    }
  }
`;
interface Trust {
  me: { trust: { signals: { kind: string; points: number }[] } };
}

interface Offers {
  campaign: { supporterOffers: unknown[] | null };
}

/** What a change in one subgraph leads to in others. */
export function testEffects(graph: TestGraph): void {
  const { system, ask } = graph;

  test('has its effect once in another that was down meanwhile', async () => {
    const person = await signInBySms(system, '+8613900005678');
    const [first, ...others] = await findCampaigns(graph, 4);
    // Two points for each campaign given to, however often.
    const points = async () => {
      const answer = await ask<Trust>(trust, {}, person);
      return answer.data?.me?.trust.signals.find(({ kind }) => kind === 'GIVING')?.points ?? 0;
    };
    const giveTo = async (campaignId?: string) => {
      const { data } = await give(graph, { token: person, campaignId });
      return data.donate.donation?.state;
    };
    expect(await giveTo(first)).toBe('COUNTED');
    // The news of the seed come first.
    await expect.poll(points, patience).toBe(2);

    process.kill(system.pid('users') ?? 0, 'SIGKILL');
    expect(await Promise.all(others.map(giveTo))).toEqual(['COUNTED', 'COUNTED', 'COUNTED']);
    await system.ready();
    await expect.poll(points, patience).toBe(8);
  }, 180_000);

  test('leads to offers beside the campaign, with consent alone', async () => {
    const person = await signInBySms(system, '+8613900005679');
    await give(graph, { token: person });
    const offers = async () => {
      const { data } = await ask<Offers>(
        '{ campaign(slug: "liu-zhiqiang") { supporterOffers { why } } }',
        {},
        person,
      );
      return data.campaign.supporterOffers?.length ?? 0;
    };
    expect(await offers()).toBe(0);
    const { data } = await ask<{ setConsent: { userErrors: unknown[] } }>(
      'mutation { setConsent(input: { purpose: INSURANCE_OFFERS, granted: true, textVersion: "insurance-offers-1" }) { userErrors { code } } }',
      {},
      person,
    );
    expect(data.setConsent.userErrors).toEqual([]);
    await expect.poll(offers, patience).toBeGreaterThan(0);
  }, 180_000);
}
