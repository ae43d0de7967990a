/** What a person can have done elsewhere: given to a campaign, taken a course, joined a circle, been praised by somebody. */
export const factKinds = ['GIFT', 'COURSE', 'CIRCLE', 'PRAISE'] as const;
export type FactKind = (typeof factKinds)[number];

/** How strongly things of one kind and word speak in a person's record, after decay. */
export interface Interest {
  readonly kind: Exclude<FactKind, 'PRAISE'>;
  /** Craft, theme or kind of campaign; null where it is not known. */
  readonly word: string | null;
  readonly strength: number;
}
