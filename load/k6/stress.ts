import { arrivals, optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;
/** Shares of the rate, one after the other: up to it and beyond. */
const steps = [0.25, 0.5, 0.75, 1, 1.5, 2];

export const options = optionsOf({
  donors: arrivals(
    'donor',
    steps.map((share) => ({
      perSecond: rate * share,
      seconds: Math.max(1, Math.round(seconds / steps.length)),
    })),
  ),
  readers: steady('reader', rate / 4, seconds),
});

export function donor(): void {
  giveAndLook({ hotShare: 0.7 });
}

export function reader(): void {
  lookAgain({ hotShare: 0.7 });
}
