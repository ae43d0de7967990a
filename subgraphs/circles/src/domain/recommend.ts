import { circleThemes, crafts, type CircleTheme, type Craft } from '@banyan/vocabulary';
import type { CircleRow } from '../db/circles.ts';

/** Why a circle was recommended: a tag of the person's portrait and how much it says for the circle, 0 to 1. */
export interface MatchReason {
  readonly tag: string;
  readonly weight: number;
}

export interface Recommendation {
  readonly circle: CircleRow;
  readonly why: readonly MatchReason[];
}

/** What a tag says: the interest itself, or the themes that are near it. */
interface Interest {
  readonly tag: string;
  readonly word: string;
}

/** Themes near a craft, and how near. A circle that speaks of the craft itself weighs 1. */
const themesNear: Readonly<Record<Craft, Partial<Record<CircleTheme, number>>>> = {
  VOCAL: { CONCERT: 0.7, ENTERTAINMENT: 0.5, LEARNING: 0.3 },
  CALLIGRAPHY: { LEARNING: 0.6 },
  PAPER_CUTTING: { LEARNING: 0.6, SHOPPING: 0.2 },
  PHOTO_RETOUCHING: { LEARNING: 0.5, ENTERTAINMENT: 0.3 },
  YOGA: { FITNESS: 0.8, HEALTH: 0.5 },
  DANCE: { FITNESS: 0.6, ENTERTAINMENT: 0.5 },
  HULUSI: { CONCERT: 0.6, LEARNING: 0.4 },
  KEYBOARD: { CONCERT: 0.6, LEARNING: 0.4 },
  OTHER: { LEARNING: 0.2 },
};

/** `interest:DANCE`, `DANCE` and `dance` are one interest. */
function interestsOf(tags: readonly string[]): Interest[] {
  return [...new Set(tags)].map((tag) => ({
    tag,
    word: tag.slice(tag.lastIndexOf(':') + 1).toUpperCase(),
  }));
}

/** What to look for: circles of these themes or with these tags. */
export function searchFor(tags: readonly string[]): { themes: CircleTheme[]; tags: Craft[] } {
  const words = new Set(interestsOf(tags).map(({ word }) => word));
  const known = crafts.filter((craft) => words.has(craft));
  const near = new Set(known.flatMap((craft) => Object.keys(themesNear[craft])));
  return {
    themes: circleThemes.filter((theme) => words.has(theme) || near.has(theme)),
    tags: known.filter((craft) => craft !== 'OTHER'),
  };
}

/** The reasons for one circle, the best first; none when nothing of the portrait speaks for it. */
export function reasonsFor(
  circle: Pick<CircleRow, 'theme' | 'tags'>,
  tags: readonly string[],
): MatchReason[] {
  return interestsOf(tags)
    .map(({ tag, word }) => ({ tag, weight: weightOf(circle, word) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
}

/** Circles with reasons, best match first; among equals those with more members. */
export function rank(
  candidates: readonly CircleRow[],
  tags: readonly string[],
  first: number,
): Recommendation[] {
  return candidates
    .map((circle) => ({ circle, why: reasonsFor(circle, tags) }))
    .filter(({ why }) => why.length > 0)
    .toSorted((a, b) => sum(b.why) - sum(a.why) || Number(b.circle.member_count - a.circle.member_count))
    .slice(0, first);
}

function weightOf(circle: Pick<CircleRow, 'theme' | 'tags'>, word: string): number {
  if (circle.theme === word || circle.tags.includes(word)) return 1;
  const craft = crafts.find((each) => each === word);
  return craft === undefined ? 0 : (themesNear[craft][circle.theme] ?? 0);
}

function sum(why: readonly MatchReason[]): number {
  return why.reduce((total, { weight }) => total + weight, 0);
}
