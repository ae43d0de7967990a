/** Who may come in and who may read: anybody, who applies, who was invited, nobody new. */
export const circleAccesses = ['PUBLIC_READ', 'APPLY', 'INVITE_ONLY', 'CLOSED'] as const;
export type CircleAccess = (typeof circleAccesses)[number];

/** What the trust among members rests on. */
export const trustCurrencies = [
  'SHARED_VALUES',
  'SHARED_INTEREST',
  'PAYMENT_HISTORY',
  'KINSHIP',
  'NEIGHBOURHOOD',
] as const;
export type TrustCurrency = (typeof trustCurrencies)[number];

/** Most powerful first. */
export const circleRoles = ['OWNER', 'OPERATOR', 'MODERATOR', 'MEMBER'] as const;
export type CircleRole = (typeof circleRoles)[number];

export const membershipStates = ['APPLIED', 'ACTIVE', 'MUTED', 'BANNED', 'LEFT', 'DENIED'] as const;
export type MembershipState = (typeof membershipStates)[number];

/** States in which a person is one of the circle: counted, listed, and shown what is for members. */
export const belongingStates = ['ACTIVE', 'MUTED'] as const satisfies readonly MembershipState[];

/** What the circle named first does with the posts of the other, or lets it do with its own. */
export const linkDirections = ['PUBLISHES_TO', 'SUBSCRIBES_TO', 'BOTH'] as const;
export type LinkDirection = (typeof linkDirections)[number];

/** What a person can say to a post without a word. */
export const reactionKinds = ['LIKE', 'HEART', 'FLOWER', 'CLAP', 'PRAY'] as const;
export type ReactionKind = (typeof reactionKinds)[number];
