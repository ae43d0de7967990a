import { refuse } from '@banyan/kit/graphql';
import type { MembershipRow } from '../db/memberships.ts';

/**
 * Posting, commenting and reacting are for active members.
 * @throws Refusal `FORBIDDEN`.
 */
export function assertMaySpeak(membership: MembershipRow | undefined, field: string): void {
  if (membership?.state === 'ACTIVE') return;
  const wording =
    membership?.state === 'MUTED'
      ? { en: 'You are muted in this circle.', zh: '您在该圈子中已被禁言。' }
      : { en: 'Join the circle first.', zh: '请先加入该圈子。' };
  throw refuse('FORBIDDEN', wording, ['input', field]);
}
