import { ownOnly, pageArgs, type Payload } from '@banyan/kit/graphql';
import type { AgeBand } from '@banyan/vocabulary';
import { builder, InsuranceUserError } from '../builder.ts';
import { declineOffer } from '../domain/decline-offer.ts';
import { findViewerOffers } from '../domain/find-offers.ts';
import { maxOffersADay } from '../domain/offers.ts';
import { protectionOf, type Protection } from '../domain/protection.ts';
import { act } from './act.ts';
import { AidMembership } from './aid-membership.ts';
import { AgeBandEnum } from './enums.ts';
import { SupporterOfferType } from './offer.ts';
import { PolicyConnection, PolicyStateEnum } from './policy.ts';

const ProtectionType = builder.objectRef<Protection>('Protection').implement({
  fields: (t) => ({
    activePolicies: t.exposeInt('activePolicies'),
    aidPlans: t.exposeInt('aidPlans'),
    gaps: t.stringList({
      description: 'What nothing that the person has protects against.',
      resolve: ({ gaps }, _args, { language }) => gaps.map((gap) => gap[language]),
    }),
  }),
});

const Viewer = builder.externalRef(
  'Viewer',
  builder.selection<{ id: string }>('id'),
  // The whole of it: with the id comes what `offers` requires.
  (reference, context) => ownOnly(context, reference.id, reference),
);

Viewer.implement({
  externalFields: (t) => ({
    offerAgeBand: t.field({ type: AgeBandEnum, nullable: true }),
    offerRegionCode: t.string({ nullable: true }),
  }),
  fields: (t) => ({
    id: t.exposeID('id'),
    policies: t.field({
      type: PolicyConnection,
      nullable: true,
      args: {
        state: t.arg({ type: PolicyStateEnum, required: false }),
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (viewer, args, { loaders }) =>
        loaders.policyPage.load({ parent: viewer.id, state: args.state ?? null, ...pageArgs(args) }),
    }),
    aidMemberships: t.field({
      type: [AidMembership],
      nullable: true,
      directives: { listSize: { assumedSize: 10 } },
      resolve: async (viewer, _args, { loaders }) => [...(await loaders.membershipsOf.load(viewer.id))],
    }),
    protection: t.field({
      type: ProtectionType,
      nullable: true,
      description: 'One view of a person’s protection: policies and mutual aid, and what is missing.',
      resolve: async (viewer, _args, { loaders }) => protectionOf(await loaders.holdings.load(viewer.id)),
    }),
    offers: t.field({
      type: [SupporterOfferType],
      nullable: true,
      directives: { listSize: { assumedSize: maxOffersADay } },
      requires: builder.selection<{ offerAgeBand: AgeBand | null; offerRegionCode: string | null }>(
        'offerAgeBand offerRegionCode',
      ),
      resolve: (viewer, _args, context) =>
        findViewerOffers(context, {
          ageBand: viewer.offerAgeBand ?? null,
          regionCode: viewer.offerRegionCode ?? null,
        }),
    }),
  }),
});

const OffersPayload = builder.objectRef<Payload<{ viewer: { id: string } }>>('OffersPayload').implement({
  fields: (t) => ({
    viewer: t.field({ type: Viewer, nullable: true, resolve: ({ viewer }) => viewer ?? null }),
    userErrors: t.expose('userErrors', { type: [InsuranceUserError] }),
  }),
});

const DeclineOfferInput = builder.inputType('DeclineOfferInput', {
  fields: (t) => ({ optOutKey: t.string(), forDays: t.int({ required: false }) }),
});

builder.mutationField('declineOffer', (t) =>
  t.field({
    type: OffersPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: DeclineOfferInput }) },
    resolve: (_root, { input }, context) => act(context, declineOffer, input),
  }),
);
