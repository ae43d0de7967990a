import { hotCampaign } from '@banyan/seed';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ask } from './graph.ts';

const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:4000' } } });
const graphUrl = new URL('/graphql', values.url).href;

const flagshipFile = join(import.meta.dirname, '../../schema/operations/campaign-screen.graphql');
const screenShape = z.object({
  campaign: z.object({
    id: z.string(),
    title: z.string(),
    organiser: z.object({ displayName: z.string() }),
    totals: z.object({ donationCount: z.string().transform(BigInt) }),
    supportingCircles: z.object({ nodes: z.array(z.unknown()).min(1) }),
  }),
});
const giftShape = z.object({
  donate: z.object({
    donation: z.object({ id: z.string() }),
    campaign: z.object({ totals: z.object({ donationCount: z.string().transform(BigInt) }) }),
    userErrors: z.array(z.unknown()).length(0),
  }),
});
const donate = /* GraphQL */ `
  mutation Donate($input: DonateInput!) {
    donate(input: $input) {
      donation {
        id
      }
      campaign {
        totals {
          donationCount
        }
      }
      userErrors {
        code
        message
      }
    }
  }
`;

/** One screen over five subgraphs, one gift, and the screen again with the gift in it. */
async function smoke(): Promise<void> {
  const flagship = await readFile(flagshipFile, 'utf8');
  const readScreen = async () =>
    screenShape.parse(await ask(graphUrl, flagship, { slug: hotCampaign.slug })).campaign;
  const before = await readScreen();
  const input = {
    campaignId: before.id,
    amount: { minor: '1000', currency: 'CNY' },
    message: '加油',
    idempotencyKey: randomUUID(),
  };
  const { donate: gift } = giftShape.parse(await ask(graphUrl, donate, { input }));
  const after = await readScreen();
  if (
    after.totals.donationCount < gift.campaign.totals.donationCount ||
    gift.campaign.totals.donationCount <= before.totals.donationCount
  ) {
    throw new Error(`The gift ${gift.donation.id} is not in the totals.`);
  }
  process.stdout.write(
    `${before.title}: ten yuan given (${gift.donation.id}), ${after.totals.donationCount} gifts counted.\n`,
  );
}

await smoke();
