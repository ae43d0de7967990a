import type { AidPlanRow } from '../db/aid-plans.ts';
import { builder } from '../builder.ts';
import type { ProductRow } from '../db/products.ts';
import type { SupporterOffer } from '../domain/find-offers.ts';
import { InsuranceProduct } from './insurance-product.ts';
import { MutualAidPlan } from './mutual-aid-plan.ts';

const Offer = builder.unionType('Offer', {
  types: [MutualAidPlan, InsuranceProduct],
  resolveType: (offered: AidPlanRow | ProductRow) =>
    'funding' in offered ? MutualAidPlan : InsuranceProduct,
});

export const SupporterOfferType = builder.objectRef<SupporterOffer>('SupporterOffer').implement({
  description: 'Something that suits a person who consented to such offers.',
  fields: (t) => ({
    offer: t.field({
      type: Offer,
      resolve: ({ offering }) => (offering.kind === 'plan' ? offering.plan : offering.product),
    }),
    why: t.exposeString('why', { description: 'Why this person sees it.' }),
    optOutKey: t.string({
      description: 'For `declineOffer`.',
      resolve: ({ offering }) => offering.key,
    }),
  }),
});
