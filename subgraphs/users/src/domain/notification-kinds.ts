/** What people are told of. */
export const notificationKinds = [
  'RELATIVE_ASKS',
  'RELATIVE_CONFIRMED',
  'RELATIVE_REVOKED',
  'ORGANISATION_MEMBER_SET',
  'ORGANISATION_VERIFIED',
  'ORGANISATION_REFUSED',
  'REAL_NAME_VERIFIED',
  'REAL_NAME_FAILED',
  'CAMPAIGN_LIVE',
  'CAMPAIGN_PAUSED',
  'CAMPAIGN_ENDED',
  'PRAISE_RECEIVED',
  'WAITLIST_PROMOTED',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** Ids and words that the wording needs; a name is looked up when it is read. */
export interface NotificationParams {
  readonly userId?: string;
  readonly organisationId?: string;
  readonly role?: string;
  readonly relation?: string;
  readonly reason?: string;
}
