import type { Finding } from './finding.ts';
import { acknowledgedBefore, type SeenStreams } from './streams.ts';
import type { Testimony } from './testimony.ts';

/** How soon a stream tells of a gift that was acknowledged: far longer than it takes on a machine that is busy. */
const maxUntoldMs = 10_000;

/** Followers who were told nothing have not shown that live totals are true: those who give, and those who stay. */
export function* judgeFollowers(
  followers: number,
  { streams }: Pick<Testimony, 'streams'>,
): Generator<Finding> {
  const kinds = [
    { stays: false, people: Math.ceil(followers / 2), who: 'who give' },
    { stays: true, people: Math.floor(followers / 2), who: 'who stay' },
  ];
  for (const { stays, people, who } of kinds) {
    if (people === 0 || streams.all.some((stream) => stream.stays === stays && stream.told !== null))
      continue;
    const detail = `${people} people ${who} followed live totals, and none of them was told any`;
    yield { fault: 'NOT_CARRIED_OUT', subject: 'followers', detail };
  }
}

/**
 * Who stays on a stream hears of every gift in time. Streams that broke are not judged by what they left out, nor are
 * those that ended after a fault: whoever followed them came back, and what they began with then is judged.
 */
export function* judgeStreams(streams: SeenStreams): Generator<Finding> {
  for (const {
    campaignId: subject,
    reader,
    stays,
    isBroken,
    told,
    openedAtMs,
    at: endedAtMs,
  } of streams.all) {
    if (!stays || isBroken || endedAtMs > streams.calmUntilMs) continue;
    if (told === null && endedAtMs - openedAtMs < maxUntoldMs) continue;
    const known = acknowledgedBefore(streams, subject, endedAtMs - maxUntoldMs);
    if (known === null || known <= (told ?? 0n)) continue;
    const detail = `${reader} was told ${told === null ? 'nothing' : `version ${told} at last`}, and version ${known} had been acknowledged ${maxUntoldMs / 1_000} s before the stream ended`;
    yield { fault: 'STALE', subject, detail, reader };
  }
}
