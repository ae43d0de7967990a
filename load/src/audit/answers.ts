import { z } from 'zod';
import { ask, GraphUnavailable } from '../graph.ts';
import { wasOnlyTurnedAway, type Testimony, type WitnessedGift } from './testimony.ts';

/** What the graph tells a donor about a gift by its key. */
export interface GraphDonation {
  readonly id: string;
  readonly state: string;
  readonly amount: bigint;
}

/** Gifts that the graph is asked about at most; whoever asks more has not seen a run, but a disaster. */
const maxQuestions = 5_000;
/** Acknowledged gifts among them. */
const maxAcknowledged = 200;
const atOnce = 8;

const query = `query ByKey($campaignId: ID!, $key: String!) {
  donationByKey(campaignId: $campaignId, idempotencyKey: $key) { id state amount { minor } }
}`;
const answerShape = z.object({
  donationByKey: z
    .object({
      id: z.string(),
      state: z.string(),
      amount: z.object({ minor: z.string().transform(BigInt) }),
    })
    .nullable(),
});

/** Gifts that the graph is asked about, and how many it should be asked about too. */
export interface Questions {
  readonly gifts: readonly WitnessedGift[];
  readonly leftOut: number;
}

/**
 * All gifts of which the client does not know the end, then acknowledged ones from the whole run, then all that were refused
 * or turned away.
 */
export function giftsToAskAbout(testimony: Testimony): Questions {
  const all = [...testimony.gifts.values()];
  const acknowledged = all.filter(({ donationIds }) => donationIds.size > 0);
  const others = Map.groupBy(
    all.filter(({ donationIds }) => donationIds.size === 0),
    (gift) => (gift.refusedWith !== null || wasOnlyTurnedAway(gift) ? 'refused' : 'unknown'),
  );
  const wanted = [
    ...(others.get('unknown') ?? []),
    ...spread(acknowledged, maxAcknowledged),
    ...(others.get('refused') ?? []),
  ];
  const gifts = wanted.slice(0, maxQuestions);
  const asked = new Set(gifts);
  const leftOut = wanted.filter((gift) => gift.donationIds.size === 0 && !asked.has(gift)).length;
  return { gifts, leftOut };
}

/** So many of a list at most, at even distances: what a fault does to some of a run is not seen in its beginning. */
function spread<Each>(list: readonly Each[], max: number): readonly Each[] {
  const count = Math.min(max, list.length);
  const places = Array.from({ length: count }, (_each, number) => Math.floor((number * list.length) / count));
  return places.flatMap((place) => list.slice(place, place + 1));
}

/**
 * Asks the graph, each gift as its donor, what became of it: null when the graph knows of none.
 * @param tokens access tokens of the donors by the number of their session
 * @throws GraphUnavailable when a donor's session is over: the answer to anybody else would say nothing
 */
export async function askByKey(
  graphUrl: string,
  gifts: readonly WitnessedGift[],
  tokens: readonly (string | null)[],
): Promise<Map<string, GraphDonation | null>> {
  const answers = new Map<string, GraphDonation | null>();
  const waiting = [...gifts];
  async function work(): Promise<void> {
    for (let gift = waiting.pop(); gift !== undefined; gift = waiting.pop()) {
      const { key, campaignId, donor } = gift;
      const accessToken = donor === null ? undefined : tokens[donor];
      if (donor !== null && accessToken == null)
        throw new GraphUnavailable(`Donor ${donor} could not sign in again to be asked.`);
      const { donationByKey } = answerShape.parse(
        await ask(graphUrl, query, { campaignId, key }, accessToken ?? undefined),
      );
      answers.set(
        key,
        donationByKey && {
          id: donationByKey.id,
          state: donationByKey.state,
          amount: donationByKey.amount.minor,
        },
      );
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
