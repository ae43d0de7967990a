import { builder } from '../builder.ts';
import { findCampaignOffers } from '../domain/find-offers.ts';
import { maxOffersBesideCampaign } from '../domain/offers.ts';
import { SupporterOfferType } from './offer.ts';

builder
  .externalRef('Campaign', builder.selection<{ id: string }>('id'), (reference) => reference)
  .implement({
    description:
      'Offers beside a campaign, for the viewer: empty without consent or where the campaign forbids it.',
    externalFields: (t) => ({ offersAllowed: t.boolean({ nullable: true }) }),
    fields: (t) => ({
      id: t.exposeID('id'),
      supporterOffers: t.field({
        type: [SupporterOfferType],
        nullable: true,
        directives: { listSize: { assumedSize: maxOffersBesideCampaign } },
        requires: builder.selection<{ offersAllowed: boolean | null }>('offersAllowed'),
        resolve: (campaign, _args, context) => findCampaignOffers(context, campaign),
      }),
    }),
  });
