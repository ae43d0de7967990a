import { expect } from 'vitest';
import { give } from './gifts.ts';
import { notifyAsProvider } from './provider.ts';
import { donor, startCampaigns } from './support.ts';

/** Gifts that are paid later, at a checkout. */
export const provider = 'sandbox-async';

/** The subgraph, and what happens to orders: they are placed, paid at the provider, told of, and counted or not. */
export async function startOrders() {
  const campaigns = await startCampaigns();

  /** Orders a gift that is paid later; gives the donation and the number of the order at the provider. */
  async function order(campaignId: string, over: Record<string, unknown> = {}) {
    const { data, errors } = await give(campaigns, campaignId, { provider, ...over });
    const { donation } = data.donate;
    if (donation?.checkout == null) throw new Error(JSON.stringify([data, errors]));
    return {
      id: donation.id,
      url: donation.checkout.url,
      orderId: donation.checkout.url.split('/').at(-1) ?? '',
    };
  }

  async function pay(orderId: string, how: Record<string, unknown> = {}): Promise<void> {
    const response = await fetch(`${campaigns.world.sandboxUrl}/payments/orders/${orderId}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(how),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  async function stateOf(id: string): Promise<string | undefined> {
    const { data } = await campaigns.ask<{ donation: { state: string } | null }>(
      'query ($id: ID!) { donation(id: $id) { state } }',
      { id },
      donor,
    );
    return data.donation?.state;
  }

  /** The notification is on its way when the payer is told: looks until it has arrived. */
  async function until(id: string, state: string): Promise<void> {
    await expect.poll(() => stateOf(id), { timeout: 10_000, interval: 20 }).toBe(state);
  }

  const notify = (data: Record<string, unknown>, secret?: string, type?: string) =>
    notifyAsProvider(campaigns.url, data, { ...(secret && { secret }), ...(type && { type }) });

  const suspended = (reason: string) =>
    campaigns.app.database.db
      .selectFrom('payment_facts')
      .selectAll()
      .where('kind', '=', 'SUSPENDED')
      .where('reason', '=', reason)
      .execute();

  return { ...campaigns, order, pay, stateOf, until, notify, suspended };
}
