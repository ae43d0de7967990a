import type { Finding } from './finding.ts';
import type { Testimony } from './witness.ts';

/** Followers who were told nothing have not shown that live totals are true. */
export function* judgeFollowers(
  followers: number,
  { liveReadings }: Pick<Testimony, 'liveReadings'>,
): Generator<Finding> {
  if (followers === 0 || liveReadings > 0) return;
  const detail = `${followers} people followed live totals, and none of them was told any`;
  yield { fault: 'NOT_CARRIED_OUT', subject: 'followers', detail };
}
