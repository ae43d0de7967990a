/** Most powerful first. */
export const organisationRoles = ['OWNER', 'ADMIN', 'MEMBER'] as const;
export type OrganisationRole = (typeof organisationRoles)[number];

/** REVOKED is final, and so is a new request another row. */
export const relativeStates = ['REQUESTED', 'VERIFIED', 'DECLINED', 'REVOKED'] as const;
export type RelativeState = (typeof relativeStates)[number];

/** What a partner's app may be allowed to do. `keys:manage`: make, rotate and revoke keys of its own. */
export const appScopes = ['keys:manage'] as const;
export type AppScope = (typeof appScopes)[number];
