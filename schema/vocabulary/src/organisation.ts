export const organisationKinds = [
  'CHARITY',
  'HOSPITAL',
  'MERCHANT',
  'INSURER',
  'COMPANY',
  'PARTNER',
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** Roles of the platform's own staff; the caller's assertion carries them. */
export const staffRoles = ['REVIEWER', 'CUSTOMER_SERVICE', 'ACCOUNTANT', 'MODERATOR', 'SRE'] as const;
export type StaffRole = (typeof staffRoles)[number];
