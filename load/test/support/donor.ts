import { z } from 'zod';
import type { Witness } from '../../src/audit/witness.ts';
import { ask, readGraphTotals } from '../../src/graph.ts';

const integer = z.string().transform(BigInt);
const givenShape = z.object({
  donate: z.object({
    donation: z.object({ id: z.string() }),
    campaign: z.object({
      totals: z.object({ version: integer, raised: z.object({ minor: integer }), donationCount: integer }),
    }),
  }),
});
const donate = `mutation Donate($input: DonateInput!) {
  donate(input: $input) { donation { id } campaign { totals { version raised { minor } donationCount } } }
}`;

const orderedShape = z.object({
  donate: z.object({ donation: z.object({ id: z.string(), state: z.literal('AWAITING_CONFIRMATION') }) }),
});
const order = `mutation Order($input: DonateInput!) { donate(input: $input) { donation { id state } } }`;

/** Orders a gift that is paid later, twice as a phone does that lost the answer; gives the ids it was told. */
export async function orderTwice(
  graphUrl: string,
  witness: Witness,
  { key, campaignId, amount }: { key: string; campaignId: string; amount: bigint },
): Promise<string[]> {
  const at = 0;
  const ids: string[] = [];
  witness.testify({ kind: 'sent', at, key, campaignId, amount, donor: null });
  const input = {
    campaignId,
    amount: { minor: String(amount), currency: 'CNY' },
    provider: 'sandbox-async',
    idempotencyKey: key,
  };
  for (let copy = 0; copy < 2; copy += 1) {
    const { donation } = orderedShape.parse(await ask(graphUrl, order, { input })).donate;
    witness.testify({ kind: 'ordered', at, key, donationId: donation.id, ms: 1 });
    ids.push(donation.id);
  }
  return ids;
}

/** Gives as the load does: writes down what it sees, sends every second gift again, and looks after each. */
export async function giveAndLook(
  graphUrl: string,
  witness: Witness,
  gifts: readonly { key: string; campaignId: string; amount: bigint }[],
): Promise<void> {
  const at = 0;
  for (const [index, { key, campaignId, amount }] of gifts.entries()) {
    witness.testify({ kind: 'sent', at, key, campaignId, amount, donor: null });
    let version = 0n;
    for (let copy = 0; copy <= index % 2; copy += 1) {
      const input = { campaignId, amount: { minor: String(amount), currency: 'CNY' }, idempotencyKey: key };
      const { donation, campaign } = givenShape.parse(await ask(graphUrl, donate, { input })).donate;
      const totals = {
        version: campaign.totals.version,
        raised: campaign.totals.raised.minor,
        count: campaign.totals.donationCount,
      };
      version = totals.version;
      const seen = {
        at,
        key,
        campaignId,
        amount,
        donationId: donation.id,
        totals,
        ms: 1,
        sinceMs: 1,
        reader: 'donor',
      };
      witness.testify({ kind: 'counted', ...seen });
    }
    const totals = (await readGraphTotals(graphUrl, [campaignId])).get(campaignId);
    if (totals === undefined) throw new Error('the graph shows no totals');
    witness.testify({
      kind: 'read',
      at,
      campaignId,
      atLeastVersion: version,
      totals,
      ms: 1,
      reader: 'donor',
    });
  }
}
