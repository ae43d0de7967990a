import { RequestRefused } from '../errors.ts';

/** What one request may ask for. Counts are taken with fragments expanded. */
export interface Limits {
  maxBodyBytes: number;
  maxTokens: number;
  /** Fields below each other. */
  maxDepth: number;
  maxFields: number;
  maxAliases: number;
  maxRootFields: number;
  maxDirectives: number;
  /** Fragments that a document defines. */
  maxFragments: number;
  /** The most that `first` and `last` may ask for. */
  maxPageSize: number;
  /** Items of one list among the variables or in the document. */
  maxListItems: number;
  /** What an operation may cost, in points. */
  maxCost: number;
}

/** The introspection query of GraphiQL (15 levels) and every screen of Banyan fit in. */
export const defaultLimits: Limits = {
  maxBodyBytes: 100_000,
  maxTokens: 2_000,
  maxDepth: 15,
  maxFields: 1_000,
  maxAliases: 30,
  maxRootFields: 20,
  maxDirectives: 50,
  maxFragments: 50,
  maxPageSize: 100,
  maxListItems: 200,
  maxCost: 2_000,
};

/** The refusal of a request that asks for more than a limit allows. */
export function limitExceeded(
  limit: keyof Limits,
  limits: Limits,
  what: string,
  { status = 400, ...figures }: { status?: number; requested?: number } = {},
): RequestRefused {
  const max = limits[limit];
  return new RequestRefused(status, `${what}; the limit (${limit}) is ${max}.`, {
    code: 'LIMIT_EXCEEDED',
    limit,
    max,
    ...figures,
  });
}
