import { optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { giveByOrder } from './lib/orders.ts';
import { settings } from './lib/settings.ts';
import { storm } from './lib/storm.ts';

const { rate, seconds, sandboxUrl } = settings;

/** All at once: donors who pay here and elsewhere, donors who lose answers, and many more who only look. */
export const options = optionsOf({
  donors: steady('donor', rate * 0.7, seconds),
  ...(sandboxUrl !== '' && { payers: steady('payer', rate * 0.1, seconds) }),
  stormers: steady('stormer', rate * 0.2, seconds),
  readers: steady('reader', rate * 3, seconds),
});

export function donor(): void {
  giveAndLook({ hotShare: 0.6 });
}

export function payer(): void {
  giveByOrder({ hotShare: 0.6 });
}

export function stormer(): void {
  storm({ hotShare: 0.6 });
}

export function reader(): void {
  lookAgain({ hotShare: 0.6 });
}
