/** What a person can agree to, each on its own. */
export const consentPurposes = [
  'PORTRAIT_MATCHING',
  'INSURANCE_OFFERS',
  'MEDICAL_DATA',
  'SHARING_WITH_PARTNER',
  'CROSS_BORDER',
  'BLACKLIST_SHARING',
] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** The version of the text that is shown today for each purpose; consent to an older text does not carry over. */
export const consentTextVersions: Readonly<Record<ConsentPurpose, string>> = {
  PORTRAIT_MATCHING: 'portrait-matching-1',
  INSURANCE_OFFERS: 'insurance-offers-1',
  MEDICAL_DATA: 'medical-data-1',
  SHARING_WITH_PARTNER: 'sharing-with-partner-1',
  CROSS_BORDER: 'cross-border-1',
  BLACKLIST_SHARING: 'blacklist-sharing-1',
};
