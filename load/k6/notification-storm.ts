import { optionsOf, steady } from './lib/arrivals.ts';
import { giveAndLook, lookAgain } from './lib/donors.ts';
import { giveByOrder } from './lib/orders.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;

/** Orders that are paid at the provider, whose notifications come twice, late, out of order or never. */
export const options = optionsOf({
  payers: steady('payer', rate, seconds),
  donors: steady('donor', rate / 5, seconds),
  readers: steady('reader', rate / 4, seconds),
});

export function payer(): void {
  giveByOrder({ hotShare: 0.8 });
}

export function donor(): void {
  giveAndLook({ hotShare: 0.8 });
}

export function reader(): void {
  lookAgain({ hotShare: 0.8 });
}
