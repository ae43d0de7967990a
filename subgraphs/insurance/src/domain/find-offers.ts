import { ageBandOf } from '@banyan/vocabulary';
import type { Context } from '../context.ts';
import type { OfferFacts } from '../db/offer-facts.ts';
import { calendarYear } from './ages.ts';
import {
  maxOffersBesideCampaign,
  mayBeOffered,
  offersOfTheDay,
  supportDays,
  whyOffered,
  type Known,
  type Offering,
} from './offers.ts';
import { addDays } from './cover-dates.ts';

/** An offer as a person sees it. */
export interface SupporterOffer {
  readonly offering: Offering;
  readonly why: string;
}

type OfferContext = Pick<Context, 'caller' | 'language' | 'loaders' | 'now'>;

/** What the viewer is offered. Without an age band there is no consent at users any more, or nothing to go by: no offer. */
export async function findViewerOffers(context: OfferContext, known: Known): Promise<SupporterOffer[]> {
  const { caller, loaders } = context;
  if (caller.subject === null || known.ageBand === null) return [];
  const facts = await loaders.offerFacts.load(caller.subject);
  if (!mayBeOffered(facts)) return [];
  if (facts.last_supported_at === null || facts.last_supported_at < addDays(context.now(), -supportDays))
    return [];
  return shown(context, await ofTheDay(context, facts, known), 'viewer', known);
}

/** What the caller, who gave to this campaign, is offered beside it; nothing unless the campaign allows it. */
export async function findCampaignOffers(
  context: OfferContext,
  campaign: { id: string; offersAllowed: boolean | null },
): Promise<SupporterOffer[]> {
  const { caller, loaders } = context;
  if (caller.subject === null || campaign.offersAllowed !== true) return [];
  const [facts, supporter] = await Promise.all([
    loaders.offerFacts.load(caller.subject),
    loaders.supporter.load({ userId: caller.subject, campaignId: campaign.id }),
  ]);
  if (!mayBeOffered(facts) || !supporter) return [];
  const known = knownFromQuotes(facts, context.now());
  const offers = await ofTheDay(context, facts, known);
  return shown(context, offers.slice(0, maxOffersBesideCampaign), 'campaign', known);
}

/** A campaign brings nothing of the viewer along, so here only what the person has told us herself is known. */
function knownFromQuotes({ birth_year, region_code }: OfferFacts, now: Date): Known {
  return {
    ageBand: birth_year === null ? null : ageBandOf(birth_year, calendarYear(now)),
    regionCode: region_code,
  };
}

async function ofTheDay(context: OfferContext, facts: OfferFacts, known: Known): Promise<Offering[]> {
  const { loaders } = context;
  const [offerings, holdings] = await Promise.all([
    loaders.offerings.load('all'),
    loaders.holdings.load(facts.user_id),
  ]);
  const held = new Set(holdings.map(({ key }) => key));
  return offersOfTheDay(offerings, { facts, held, known }, context.now());
}

function shown(
  { language }: OfferContext,
  offerings: readonly Offering[],
  beside: 'campaign' | 'viewer',
  known: Known,
): SupporterOffer[] {
  return offerings.map((offering) => ({ offering, why: whyOffered(offering, beside, known)[language] }));
}
