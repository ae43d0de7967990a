import { sql, type RawBuilder, type SqlBool } from 'kysely';

/** From this many characters on a Latin word may have a slip of the pen in it. */
const minFuzzyCharacters = 4;

const folded = (term: string) => sql<string>`search_fold(${term})`;
/** The term anywhere; what LIKE reads as a sign stands for itself. */
const contains = (column: string, term: string) =>
  sql<SqlBool>`${sql.ref(column)} like '%' || regexp_replace(${folded(term)}, '([%_\\\\])', '\\\\\\1', 'g') || '%'`;

/**
 * Whether a course has a term. The index of characters and pairs narrows it down whatever the term's length or script, and
 * the text itself decides; a longer Latin word is also found by its trigrams, misspelt.
 */
export function matchesTerm(term: string): RawBuilder<SqlBool> {
  const exactly = sql<SqlBool>`(courses.search_grams @> search_grams(${folded(term)})
    and ${contains('courses.search_text', term)})`;
  if (!/^[\p{Script=Latin}\p{M}]+$/u.test(term) || term.length < minFuzzyCharacters) return exactly;
  return sql<SqlBool>`(${exactly} or courses.search_text %> ${folded(term)})`;
}

/** 1 when all terms are in the title, else 0. */
export function inTitle(terms: readonly string[]): RawBuilder<number> {
  if (terms.length === 0) return sql<number>`0`;
  const all = terms.map((term) => contains('courses.title_text', term));
  return sql<number>`case when ${sql.join(all, sql` and `)} then 1 else 0 end`;
}
