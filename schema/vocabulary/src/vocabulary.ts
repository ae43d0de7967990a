/**
 * Words that more than one subgraph says. Each subgraph makes its GraphQL enum from the array here, so that
 * composition never meets two spellings of one word.
 */
export { currencyCodes, type CurrencyCode } from './currency.ts';
export { ageBandOf, ageBands, relations, type AgeBand, type Relation } from './person.ts';
export { atLeast, realNameLevels, trustBands, type RealNameLevel, type TrustBand } from './levels.ts';
export { consentPurposes, consentTextVersions, type ConsentPurpose } from './consent.ts';
export { organisationKinds, staffRoles, type OrganisationKind, type StaffRole } from './organisation.ts';
export {
  campaignKinds,
  circleThemes,
  crafts,
  type CampaignKind,
  type CircleTheme,
  type Craft,
} from './topics.ts';
