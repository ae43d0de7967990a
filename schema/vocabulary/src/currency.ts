/** Currencies that amounts may be in, by ISO 4217. */
export const currencyCodes = ['CNY', 'HKD', 'USD', 'EUR', 'GBP', 'SGD', 'AUD', 'CAD', 'JPY'] as const;
export type CurrencyCode = (typeof currencyCodes)[number];
