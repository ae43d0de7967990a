import type { Craft } from '@banyan/vocabulary';
import type { CatalogueFilter } from '../db/courses.ts';
import { searchTerms } from './search-terms.ts';

/** What a client looks for, as the catalogue understands it. */
export function catalogueFilter(args: {
  search?: string | null | undefined;
  craft?: Craft | null | undefined;
  startsBefore?: Date | null | undefined;
}): CatalogueFilter {
  return {
    terms: searchTerms(args.search),
    craft: args.craft ?? null,
    startsBefore: args.startsBefore ?? null,
  };
}
