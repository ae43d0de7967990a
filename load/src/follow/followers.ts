import { setTimeout as delay } from 'node:timers/promises';
import type { DonorTokens } from '../donors.ts';
import { GraphUnavailable } from '../graph.ts';
import { giveAsFollower } from './give.ts';
import { followTotals } from './live-totals.ts';
import { startRecording } from './recorder.ts';

/** Whom they follow, and where they write down what they are told. */
export interface FollowOptions {
  readonly graphUrl: string;
  readonly keyPrefix: string;
  readonly campaignIds: readonly string[];
  readonly count: number;
  /** Tokens as they are now; of no donor where all are guests. */
  readonly tokens: () => Promise<DonorTokens>;
  readonly file: string;
  /** How long a donor among them follows before giving again, in milliseconds. */
  readonly donorsTurnMs?: number;
}

/** People who follow totals. */
export interface Followers {
  /** What they were told until now. */
  readonly readings: number;
  /** Lets them go, also when asked again; settles when their record is whole. */
  stop(): Promise<void>;
}

const usualTurnMs = 3_000;
const nobody: Pick<DonorTokens, 'donors'> = { donors: [] };
/** Until somebody whose stream broke comes back. */
const comeBackMs = 500;

/**
 * People who follow the live totals of the first two campaigns while others give. Every second one is a donor, who gives
 * and then opens a stream, again and again: it must not begin with less than the donor was acknowledged. The others
 * stay, and come back when their stream breaks: it must not begin with less than they were told before. Within one
 * stream nothing goes back. An answer that overtakes what is on its way on an open stream is no fault, so each stream is
 * a reader of its own.
 */
export function startFollowers(options: FollowOptions): Followers {
  const { graphUrl, keyPrefix, campaignIds, count, tokens, donorsTurnMs = usualTurnMs } = options;
  const recording = startRecording(options.file);
  const { record } = recording;
  const stopped = new AbortController();
  const { signal } = stopped;
  let readings = 0;

  async function follow(number: number): Promise<void> {
    const name = `follower-${number}`;
    const { campaignId, isDonor } = placeOf(number, campaignIds);
    let known = 0n;
    for (let stream = 1; !signal.aborted; stream += 1) {
      const { donor, accessToken } = await who(isDonor ? number / 2 : undefined);
      if (isDonor) {
        const gift = { graphUrl, keyPrefix, campaignId, donor, accessToken, reader: name };
        known = later(known, await giveAsFollower(gift, record, signal));
      }
      using turn = startTurn(signal, isDonor ? donorsTurnMs : undefined);
      const atLeastVersion = String(known);
      const reader = `${name}-stream-${stream}`;
      const openedAtMs = Date.now();
      let told: bigint | null = null;
      let isBroken = false;
      try {
        for await (const totals of followTotals({ graphUrl, campaignId, accessToken }, turn.signal)) {
          const { version, raised, count: gifts } = totals;
          known = later(known, version);
          told = later(version, told);
          readings += 1;
          const shown = { version: String(version), raised: String(raised), count: String(gifts) };
          record({ kind: 'read', campaignId, atLeastVersion, totals: shown, ms: 0, reader, isLive: true });
        }
      } catch (error) {
        if (!(error instanceof GraphUnavailable)) throw error;
        isBroken = true;
        record({ kind: 'unread', campaignId, status: 0 });
      }
      const newest = told === null ? null : String(told);
      record({ kind: 'followed', campaignId, reader, stays: !isDonor, openedAtMs, told: newest, isBroken });
      if (isBroken) await delay(comeBackMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A donor by the place of the session, if that is good; else a guest. */
  async function who(place: number | undefined) {
    // Where nobody answers, a turn as a guest.
    const { donors } = await tokens().catch(() => nobody);
    const token = place === undefined ? null : donors[place];
    return token == null || place === undefined
      ? { donor: null, accessToken: undefined }
      : { donor: place, accessToken: token.accessToken };
  }

  const following = Promise.all(Array.from({ length: count }, (_each, number) => follow(number)));
  // Whoever stops them hears of it.
  following.catch(() => undefined);
  async function finish(): Promise<void> {
    try {
      await following;
    } finally {
      await recording.end();
    }
  }
  let stopping: Promise<void> | undefined;
  return {
    get readings() {
      return readings;
    },
    stop() {
      stopped.abort();
      stopping ??= finish();
      return stopping;
    },
  };
}

/** Whom a follower follows, and as what: of each two one is a donor, and the next two have the other campaign. */
export function placeOf(
  number: number,
  campaignIds: readonly string[],
): { campaignId: string; isDonor: boolean } {
  const campaignId = campaignIds[Math.floor(number / 2) % Math.min(2, campaignIds.length)] ?? '';
  return { campaignId, isDonor: number % 2 === 0 };
}

/**
 * The time for which somebody follows: until all are stopped, or `turnMs` have passed. By hand, since nothing holds what
 * AbortSignal.any makes of a timeout: it may be collected, and then never fires.
 */
function startTurn(stopped: AbortSignal, turnMs: number | undefined): Disposable & { signal: AbortSignal } {
  const turn = new AbortController();
  const end = () => turn.abort();
  const timer = turnMs === undefined ? undefined : setTimeout(end, turnMs);
  stopped.addEventListener('abort', end);
  if (stopped.aborted) end();
  return {
    signal: turn.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      stopped.removeEventListener('abort', end);
    },
  };
}

function later(one: bigint, other: bigint | null): bigint {
  return other !== null && other > one ? other : one;
}
