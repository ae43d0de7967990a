import { arrivals, optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;
const rampSeconds = Math.max(1, Math.floor(seconds / 4));

export const options = optionsOf({
  donors: arrivals(
    'donor',
    [
      { perSecond: rate, seconds: rampSeconds },
      { perSecond: rate, seconds: seconds - rampSeconds },
    ],
    rate / 10,
  ),
  readers: steady('reader', rate / 4, seconds),
});

/** Nine gifts of ten go to the one campaign that everybody shares. */
export function donor(): void {
  giveAndLook({ hotShare: 0.9 });
}

export function reader(): void {
  lookAgain({ hotShare: 1 });
}
