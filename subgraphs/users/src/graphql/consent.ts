import { ageBandOf, consentPurposes, consentTextVersions, type ConsentPurpose } from '@banyan/vocabulary';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { ConsentRow } from '../db/consents.ts';
import { isGiven, isSensitive } from '../domain/consents.ts';
import { setConsent } from '../domain/set-consent.ts';
import { mutate } from './mutate.ts';
import { AgeBandEnum, personOf, Viewer, ViewerPayload, type ViewerRef } from './viewer.ts';

const ConsentPurposeEnum = builder.enumType('ConsentPurpose', { values: consentPurposes });

type ConsentShape = Omit<ConsentRow, 'person_id'>;

const Consent = builder.objectRef<ConsentShape>('Consent').implement({
  description: 'What a person agrees to for one purpose.',
  fields: (t) => ({
    purpose: t.expose('purpose', { type: ConsentPurposeEnum }),
    textVersion: t.exposeString('text_version', {
      description: 'The text that was agreed to; where nothing was said yet, the one to agree to.',
    }),
    sensitive: t.boolean({ resolve: ({ purpose }) => isSensitive(purpose) }),
    grantedAt: t.expose('granted_at', { type: 'DateTime', nullable: true }),
    withdrawnAt: t.expose('withdrawn_at', { type: 'DateTime', nullable: true }),
  }),
});

const unanswered = (purpose: ConsentPurpose): ConsentShape => ({
  purpose,
  text_version: consentTextVersions[purpose],
  granted_at: null,
  withdrawn_at: null,
});

/** Whether the caller agrees to a purpose now. */
export async function agrees(
  viewer: ViewerRef,
  { loaders }: Context,
  purpose: ConsentPurpose,
): Promise<boolean> {
  return (await loaders.consents.load(viewer.id)).some(
    (consent) => consent.purpose === purpose && isGiven(consent),
  );
}

builder.objectFields(Viewer, (t) => ({
  consents: t.field({
    type: [Consent],
    directives: { listSize: { assumedSize: consentPurposes.length } },
    description: 'One for each purpose.',
    resolve: async ({ id }, _args, { loaders }) => {
      const answers = await loaders.consents.load(id);
      return consentPurposes.map(
        (purpose) => answers.find((consent) => consent.purpose === purpose) ?? unanswered(purpose),
      );
    },
  }),
  offerAgeBand: t.field({
    type: AgeBandEnum,
    nullable: true,
    inaccessible: true,
    description: 'For offers; null without consent to them.',
    resolve: async (viewer, _args, context) => {
      if (!(await agrees(viewer, context, 'INSURANCE_OFFERS'))) return null;
      const { birth_year: birthYear } = await personOf(viewer, context);
      return birthYear === null ? null : ageBandOf(birthYear, context.now().getFullYear());
    },
  }),
  offerRegionCode: t.string({
    nullable: true,
    inaccessible: true,
    description: 'For offers; null without consent to them.',
    resolve: async (viewer, _args, context) =>
      (await agrees(viewer, context, 'INSURANCE_OFFERS'))
        ? (await personOf(viewer, context)).region_code
        : null,
  }),
}));

const SetConsentInput = builder.inputType('SetConsentInput', {
  fields: (t) => ({
    purpose: t.field({ type: ConsentPurposeEnum }),
    granted: t.boolean(),
    textVersion: t.string(),
  }),
});

builder.mutationField('setConsent', (t) =>
  t.field({
    type: ViewerPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SetConsentInput }) },
    resolve: (_root, { input }, context) => mutate(context, setConsent, input),
  }),
);
