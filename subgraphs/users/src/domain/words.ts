/** Most powerful first. */
export const organisationRoles = ['OWNER', 'ADMIN', 'MEMBER'] as const;
export type OrganisationRole = (typeof organisationRoles)[number];

/** REVOKED is final, and so is a new request another row. */
export const relativeStates = ['REQUESTED', 'VERIFIED', 'DECLINED', 'REVOKED'] as const;
export type RelativeState = (typeof relativeStates)[number];
