import { optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;

/** A usual evening: nobody is hot, and most people only look. */
export const options = optionsOf({
  donors: steady('donor', rate, seconds),
  readers: steady('reader', rate * 4, seconds),
});

export function donor(): void {
  giveAndLook({ hotShare: 0 });
}

export function reader(): void {
  lookAgain({ hotShare: 0.1 });
}
