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
