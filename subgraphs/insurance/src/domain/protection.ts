import type { Wording } from '@banyan/kit/graphql';
import type { Holding } from '../loaders.ts';
import { coverNames, covers } from './words.ts';

export interface Protection {
  readonly activePolicies: number;
  readonly aidPlans: number;
  /** What nothing the person holds protects against. */
  readonly gaps: readonly Wording[];
}

export function protectionOf(holdings: readonly Holding[]): Protection {
  const covered = new Set(holdings.map(({ cover }) => cover));
  return {
    activePolicies: holdings.filter(({ kind }) => kind === 'policy').length,
    aidPlans: holdings.filter(({ kind }) => kind === 'plan').length,
    gaps: covers.filter((cover) => !covered.has(cover)).map((cover) => coverNames[cover]),
  };
}
