import type { Wording } from '@banyan/kit/graphql';
import { consentTextVersions, type AgeBand } from '@banyan/vocabulary';
import { createHash } from 'node:crypto';
import type { AidPlanRow } from '../db/aid-plans.ts';
import type { OfferFacts } from '../db/offer-facts.ts';
import type { ProductRow } from '../db/products.ts';
import { coversBand, shanghaiOffsetMs } from './ages.ts';
import { coversRegion } from './regions.ts';

/** Offers follow a gift for so long. */
export const supportDays = 90;
/** Different offers that a person sees in a day at most, beside whatever campaigns. */
export const maxOffersADay = 3;
/** Of these, so many beside one campaign. */
export const maxOffersBesideCampaign = 2;

/** Something that may be offered. */
export type Offering =
  | { readonly kind: 'plan'; readonly key: string; readonly plan: AidPlanRow }
  | { readonly kind: 'product'; readonly key: string; readonly product: ProductRow };

/** By which a person says no to it: all versions of a product are one offer. */
export function planKey(plan: Pick<AidPlanRow, 'id'>): string {
  return `plan:${plan.id}`;
}
export function productKey(product: Pick<ProductRow, 'code'>): string {
  return `product:${product.code}`;
}

/** What is known of a person's age and region; null is unknown. */
export interface Known {
  readonly ageBand: AgeBand | null;
  readonly regionCode: string | null;
}

/** Whether a person may be offered anything at all. */
export function mayBeOffered(facts: OfferFacts | null): facts is OfferFacts {
  return (
    facts !== null &&
    facts.consented_text === consentTextVersions.INSURANCE_OFFERS &&
    // The ill and theirs are left in peace, wherever they look.
    !facts.is_party
  );
}

/** Suitable for sure: open to the whole of the person's age band and region, or, where these are unknown, to everybody. */
function isSuitable(offering: Offering, known: Known): boolean {
  const { age_min, age_max, regions } = offering.kind === 'plan' ? offering.plan : offering.product;
  const inRegion = known.regionCode === null ? regions.length === 0 : coversRegion(regions, known.regionCode);
  return inRegion && coversBand({ age_min, age_max }, known.ageBand);
}

/**
 * The day's offers to a person: the same from the first look to the last, so that opening more screens does not bring
 * more offers; other ones another day. Mutual aid and insurance come in turn, as far as there is both.
 */
export function offersOfTheDay(
  offerings: readonly Offering[],
  person: { facts: OfferFacts; held: ReadonlySet<string>; known: Known },
  now: Date,
): Offering[] {
  const { facts, held, known } = person;
  const day = Math.floor((now.getTime() + shanghaiOffsetMs) / 86_400_000);
  const rankOf = ({ key }: Offering) =>
    createHash('sha256').update(`${facts.user_id} ${day} ${key}`).digest('base64url');
  const ranked = offerings
    .filter(({ key }) => !facts.declined.includes(key) && !held.has(key))
    .filter((offering) => isSuitable(offering, known))
    .map((offering) => ({ offering, rank: rankOf(offering) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ offering }) => offering);
  const plans = ranked.filter(({ kind }) => kind === 'plan');
  const products = ranked.filter(({ kind }) => kind === 'product');
  const inTurn = ranked.flatMap((_, index) => [
    ...plans.slice(index, index + 1),
    ...products.slice(index, index + 1),
  ]);
  return inTurn.slice(0, maxOffersADay);
}

/** Why a person sees an offer, in words. */
export function whyOffered(offering: Offering, beside: 'campaign' | 'viewer', known: Known): Wording {
  const gift =
    beside === 'campaign'
      ? { en: 'You supported this campaign', zh: '您支持了这个项目' }
      : { en: 'You supported a campaign lately', zh: '您近期支持过求助项目' };
  const suits =
    known.ageBand === null || known.regionCode === null
      ? { en: 'it is open to every adult', zh: '面向所有成年人' }
      : { en: 'it is open to people of your age and region', zh: '适合您的年龄段和所在地区' };
  const kind =
    offering.kind === 'plan'
      ? { en: 'this is mutual aid', zh: '这是互助计划' }
      : { en: 'this is insurance', zh: '这是保险产品' };
  const consent = { en: 'you agreed to such offers', zh: '您已同意接收此类推荐' };
  return {
    en: `${gift.en}, ${consent.en}; ${kind.en}, and ${suits.en}.`,
    zh: `${gift.zh}，${consent.zh}；${kind.zh}，${suits.zh}。`,
  };
}
