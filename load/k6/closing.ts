import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { optionsOf, steady } from './lib/arrivals.ts';
import { close } from './lib/close.ts';
import { lookAgain, newGift } from './lib/donors.ts';
import { give, look, type Gift } from './lib/give.ts';
import { giveByOrder } from './lib/orders.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds, closing, sandboxUrl } = settings;
/** Each campaign has its time in turn, and is ended in the middle of it. */
const secondsEach = seconds / Math.max(1, closing.length);
/** Captures that the provider keeps waiting while a campaign ends: money that is taken and comes too late. */
const lateCaptures = 5;
const lateMs = 400;

/** Campaigns that their organisers end in mid-load, one after the other, while gifts go on as if nobody had told. */
export const options = optionsOf({
  donors: steady('donor', rate, seconds),
  payers: steady('payer', rate * 0.1, seconds),
  readers: steady('reader', rate / 4, seconds),
  organisers: {
    executor: 'per-vu-iterations',
    exec: 'organiser',
    vus: Math.max(1, closing.length),
    iterations: 1,
    maxDuration: `${seconds + 60}s`,
  },
});

function campaignOfTheMoment(): string | undefined {
  const elapsedSeconds = (Date.now() - exec.scenario.startTime) / 1_000;
  return closing[Math.min(closing.length - 1, Math.floor(elapsedSeconds / secondsEach))]?.campaignId;
}

/** The last gift of this virtual user that was counted, by campaign. */
const counted = new Map<string, Gift>();

/** Four gifts of five go to the campaign of the moment. Whoever is refused sends an earlier gift again: it is known. */
export function donor(): void {
  const campaignId = campaignOfTheMoment();
  const isElsewhere = exec.scenario.iterationInTest % 5 === 0 || campaignId === undefined;
  const gift = newGift(isElsewhere ? { hotShare: 0.5 } : { hotShare: 0, campaignId });
  const given = give(gift);
  if (given?.kind === 'counted') {
    counted.set(gift.campaignId, gift);
    look(gift.campaignId, given.totals.version);
    return;
  }
  const early = counted.get(gift.campaignId);
  if (early !== undefined) give(early);
}

/** Ordered before the end and paid after it, now and then. */
export function payer(): void {
  const campaignId = campaignOfTheMoment();
  giveByOrder(campaignId === undefined ? { hotShare: 0.5 } : { hotShare: 0, campaignId });
}

export function reader(): void {
  lookAgain({ hotShare: 0.5 });
}

/** Gives, ends the campaign while captures are under way, and sends the gift again. */
export function organiser(): void {
  const index = exec.scenario.iterationInTest;
  const raised = closing[index];
  if (raised === undefined) return;
  sleep((index + 0.5) * secondsEach);
  const early = newGift({ hotShare: 0, campaignId: raised.campaignId });
  give(early);
  http.post(
    `${sandboxUrl}/faults`,
    JSON.stringify({
      service: 'payments',
      operation: 'capture',
      kind: 'delay',
      count: lateCaptures,
      delayMs: lateMs,
    }),
    { headers: { 'content-type': 'application/json' }, tags: { name: 'order fault' } },
  );
  sleep(lateMs / 2 / 1_000);
  close(raised);
  give(early);
}
