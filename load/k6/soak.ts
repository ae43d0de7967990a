import { optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;

/** The same load for long: what leaks or slows down shows here. */
export const options = optionsOf({
  donors: steady('donor', rate, seconds),
  readers: steady('reader', rate / 2, seconds),
});

export function donor(): void {
  giveAndLook({ hotShare: 0.5 });
}

export function reader(): void {
  lookAgain({ hotShare: 0.5 });
}
