import type { AidMembershipRow } from '../db/aid-memberships.ts';
import type { PolicyRow } from '../db/policies.ts';
import type { QuoteRow } from '../db/quotes.ts';
import type { AidMembershipState, PolicyState, QuoteState } from './words.ts';

/** What time alone changes is not written anywhere: it is read off the clock. */
export function quoteState({ state, expires_at }: QuoteRow, now: Date): QuoteState {
  return state === 'OPEN' && expires_at <= now ? 'EXPIRED' : state;
}

export function policyState({ state, ends_at }: PolicyRow, now: Date): PolicyState {
  return state === 'ACTIVE' && ends_at <= now ? 'EXPIRED' : state;
}

export function membershipState({ state, covered_from }: AidMembershipRow, now: Date): AidMembershipState {
  if (state !== 'JOINED') return state;
  return covered_from <= now ? 'COVERED' : 'WAITING';
}
