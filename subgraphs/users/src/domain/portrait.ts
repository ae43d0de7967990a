import type { FactKind, Interest } from './facts.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** After this long a thing says half as much. */
export const halfLifeMs = 180 * dayMs;
/** What is fainter than this is forgotten: one thing after some three years. */
const leastStrength = 1 / 64;
/** A tag that may be matched: one thing within a year. */
const leastMatchingStrength = 0.25;
/** Tags that a portrait shows. */
export const maxTags = 50;
const maxMatchingTags = 12;

/** A word about a person, `kind:WORD`, and how much it says, 0 to 1. */
export interface PortraitTag {
  readonly tag: string;
  readonly weight: number;
  /** Which part of the platform it mostly comes from. */
  readonly source: string;
  readonly hidden: boolean;
}

const sources: Readonly<Record<Exclude<FactKind, 'PRAISE'>, string>> = {
  COURSE: 'courses',
  CIRCLE: 'circles',
  GIFT: 'gifts',
};

/** What a gift says: that giving is near this person, and for what. */
function tagsOfInterest({ kind, word }: Interest): string[] {
  switch (kind) {
    case 'COURSE':
      return word === null ? [] : [`interest:${word}`];
    case 'CIRCLE':
      return word === null ? [] : [`theme:${word}`];
    case 'GIFT':
      return ['theme:GIVING', ...(word === null ? [] : [`giving:${word}`])];
    default:
      return kind satisfies never;
  }
}

/** 1 thing of today weighs 0.5, 3 weigh 0.75; never quite 1. */
const weightOf = (strength: number) => Math.round((strength / (1 + strength)) * 1_000) / 1_000;

/** The tags of a person's record, strongest first. */
export function tagsOf(interests: readonly Interest[], hidden: readonly string[]): PortraitTag[] {
  const byTag = new Map<string, { strength: number; strongest: number; source: string }>();
  for (const interest of interests) {
    for (const tag of tagsOfInterest(interest)) {
      const so = byTag.get(tag) ?? { strength: 0, strongest: 0, source: '' };
      const leads = interest.strength > so.strongest;
      byTag.set(tag, {
        strength: so.strength + interest.strength,
        strongest: leads ? interest.strength : so.strongest,
        source: leads ? sources[interest.kind] : so.source,
      });
    }
  }
  return [...byTag]
    .filter(([, { strength }]) => strength >= leastStrength)
    .map(([tag, { strength, source }]) => ({
      tag,
      weight: weightOf(strength),
      source,
      hidden: hidden.includes(tag),
    }))
    .toSorted((a, b) => b.weight - a.weight || (a.tag < b.tag ? -1 : 1))
    .slice(0, maxTags);
}

/** The tags that others may be matched with: strong, and not hidden by their owner. */
export function matchingTagsOf(tags: readonly PortraitTag[]): string[] {
  return tags
    .filter(({ weight, hidden }) => !hidden && weight >= weightOf(leastMatchingStrength))
    .slice(0, maxMatchingTags)
    .map(({ tag }) => tag);
}
