import { optionsOf, steady } from './lib/arrivals.ts';
import { lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';
import { storm } from './lib/storm.ts';

const { rate, seconds } = settings;

/** Every gift is sent up to five times, and half of the answers are thrown away. */
export const options = optionsOf({
  donors: steady('donor', rate, seconds),
  readers: steady('reader', rate / 4, seconds),
});

export function donor(): void {
  storm({ hotShare: 0.9 });
}

export function reader(): void {
  lookAgain({ hotShare: 1 });
}
