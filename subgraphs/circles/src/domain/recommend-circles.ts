import type { Services } from '../context.ts';
import { findCandidates } from '../db/circles.ts';
import { findKnownPerson } from '../db/known-people.ts';
import { rank, searchFor, type Recommendation } from './recommend.ts';
import { meets } from './requirements.ts';

const maxCandidates = 500;

/**
 * Circles that fit a portrait, that the person could join, and never was in. No tags (no consent, or the portrait
 * switched off), no recommendation.
 */
export async function recommendCircles(
  { db }: Services,
  viewer: { id: string; matchingTags?: readonly string[] | null | undefined },
  first: number,
): Promise<Recommendation[]> {
  const tags = viewer.matchingTags ?? [];
  const search = searchFor(tags);
  if (search.themes.length === 0) return [];
  const candidates = await findCandidates(db, { ...search, userId: viewer.id, maxCandidates });
  const person = await findKnownPerson(db, viewer.id);
  return rank(
    candidates.filter((circle) => meets(person, circle)),
    tags,
    first,
  );
}
