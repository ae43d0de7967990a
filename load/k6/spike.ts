import { arrivals, optionsOf } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;
const calmSeconds = Math.max(1, Math.floor(seconds / 3));
const spikeSeconds = Math.max(1, seconds - 2 * calmSeconds - 2);
const spike = (perSecond: number) => [
  { perSecond: perSecond / 10, seconds: calmSeconds },
  { perSecond, seconds: 1 },
  { perSecond, seconds: spikeSeconds },
  { perSecond: perSecond / 10, seconds: 1 },
  { perSecond: perSecond / 10, seconds: calmSeconds },
];

/** The evening news shows a campaign: ten times as many people within a second, donors and readers alike. */
export const options = optionsOf({
  donors: arrivals('donor', spike(rate)),
  readers: arrivals('reader', spike(rate)),
});

export function donor(): void {
  giveAndLook({ hotShare: 0.95 });
}

export function reader(): void {
  lookAgain({ hotShare: 1 });
}
