import { insertMany } from '@banyan/kit/database';
import { hashInput } from '@banyan/ledger';
import { counts, createRandom, personas, personOf, seedId, type Random, type SeedDay } from '@banyan/seed';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import type { SeedCampaign } from './campaigns.ts';
import { messages } from './words.ts';

const hotGifts = 2_000;
/** Gifts that the ledger posts in one call: a version of the totals each. */
const giftsPerCall = 250;
/** Not a provider that could be asked: the seed's own money. */
const provider = 'seed';

interface SeedGift {
  readonly campaignId: string;
  readonly id: string;
  /** Number of the person who gives; null for a guest. */
  readonly person: number | null;
  readonly payerId: string;
  readonly amount: bigint;
  readonly isAnonymous: boolean;
  readonly message: string | null;
  readonly createdAt: Date;
}

/** Gifts to all campaigns that have been live, counted by the ledger's own function, so that the books balance. */
export async function seedGifts(
  trx: Transaction<Database>,
  campaigns: readonly SeedCampaign[],
  day: SeedDay,
): Promise<void> {
  const gifts = campaigns
    .flatMap((campaign) => giftsOf(campaign, day))
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime());

  const payers = new Map(gifts.map((gift) => [gift.payerId, gift]));
  await insertMany(
    trx,
    'payers',
    Array.from(payers.values(), ({ payerId, person }) => ({
      id: payerId,
      user_id: person === null ? null : personOf(person).id,
      guest_hash: person === null ? `seed-${payerId}` : null,
    })),
  );
  await insertMany(trx, 'intents', gifts.map(intentOf));
  await insertMany(
    trx,
    'gift_messages',
    gifts.flatMap(({ campaignId, id, message }) =>
      message === null ? [] : [{ campaign_id: campaignId, donation_id: id, message }],
    ),
  );
  for (let at = 0; at < gifts.length; at += giftsPerCall) await post(trx, gifts.slice(at, at + giftsPerCall));
}

function giftsOf({ cast, liveDaysAgo }: SeedCampaign, day: SeedDay): SeedGift[] {
  if (liveDaysAgo === null) return [];
  const random = createRandom(`campaigns:gifts:${cast.number}`);
  const isHot = cast.number === 1;
  const gifts = isHot ? hotGifts : random.int(4, 28);
  return Array.from({ length: gifts }, (_, index) => {
    const person = donorOf(random, cast.number, index);
    const isNamed = person !== null;
    return {
      campaignId: cast.id,
      id: seedId('don', `${cast.number}/${index}`),
      person,
      payerId: seedId('pyr', isNamed ? person : `guest/${cast.number}/${index}`),
      amount: BigInt(amountYuan(random) * 100),
      isAnonymous: isNamed && random.chance(0.15),
      message: random.chance(isHot ? 0.6 : 0.4) ? random.pick(messages) : null,
      // Before the seed's day began, so that nothing was given tomorrow.
      createdAt: day.at(-liveDaysAgo + random.float() * liveDaysAgo, 0),
    };
  });
}

/** The demo donor gives to the hot campaign and to some others; one gift in twelve is a guest's. */
function donorOf(random: Random, campaign: number, index: number): number | null {
  if (index === 0 && (campaign === 1 || campaign % 50 === 2)) return personas.donor.number;
  if (random.chance(1 / 12)) return null;
  return random.int(21, counts.people);
}

function amountYuan(random: Random): number {
  return random.weighted<number>([
    [10, 20],
    [20, 18],
    [50, 20],
    [66, 6],
    [88, 6],
    [100, 16],
    [200, 8],
    [500, 3],
    [1_000, 1],
  ]);
}

function inputHashOf({ amount, isAnonymous }: SeedGift): string {
  return hashInput({ minor: amount, currency: 'CNY', isAnonymous, provider });
}

function intentOf(gift: SeedGift) {
  return {
    campaign_id: gift.campaignId,
    id: gift.id,
    payer_id: gift.payerId,
    key: gift.id,
    input_hash: inputHashOf(gift),
    amount: gift.amount,
    currency: 'CNY',
    provider,
    is_anonymous: gift.isAnonymous,
    created_at: gift.createdAt,
  };
}

async function post(trx: Transaction<Database>, gifts: readonly SeedGift[]): Promise<void> {
  const column = <Value>(read: (gift: SeedGift) => Value) => gifts.map(read);
  const ids = column((gift) => gift.id);
  const details = column((gift) =>
    JSON.stringify({
      provider,
      providerRef: `pay_${gift.id.slice(4)}`,
      capturedAt: gift.createdAt.toISOString(),
    }),
  );
  const { rows } = await sql<{ outcome: string; count: bigint }>`
    select outcome, count(*) from ledger.post_batch(
      ${column((gift) => gift.campaignId)}::text[], ${ids}::text[], ${column((gift) => gift.payerId)}::text[],
      ${ids}::text[], ${column(inputHashOf)}::text[], ${column((gift) => String(gift.amount))}::bigint[],
      ${column(() => 'CNY')}::text[], ${details}::jsonb[]
    ) group by outcome`.execute(trx);
  const refused = rows.filter(({ outcome }) => outcome !== 'POSTED');
  if (refused.length > 0)
    throw new Error(
      `the ledger did not take the seed's gifts: ${JSON.stringify(refused.map((row) => row.outcome))}`,
    );
}
