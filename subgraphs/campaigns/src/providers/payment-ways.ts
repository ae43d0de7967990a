import type { PaymentProvider } from '@banyan/payments';

/** A way to pay: the money is taken at once (CAPTURE), or the payer completes an order later (ORDER). */
export interface PaymentWay {
  /** Stands in facts; the client chooses by it. */
  readonly name: string;
  readonly mode: 'CAPTURE' | 'ORDER';
  readonly provider: PaymentProvider;
}

export interface PaymentWays {
  readonly names: readonly string[];
  /** The way that is taken when the client names none. */
  readonly usual: PaymentWay;
  find(name: string): PaymentWay | undefined;
  /** By which way the orders of a provider come. */
  readonly orders: PaymentWay;
  close(): Promise<void>;
}

/** The two ways that one provider offers: `<name>` and `<name>-async`. */
export function createPaymentWays(provider: PaymentProvider): PaymentWays {
  const usual: PaymentWay = { name: provider.name, mode: 'CAPTURE', provider };
  const orders: PaymentWay = { name: `${provider.name}-async`, mode: 'ORDER', provider };
  const ways = new Map([usual, orders].map((way) => [way.name, way]));
  return {
    names: [...ways.keys()],
    usual,
    orders,
    find: (name) => ways.get(name),
    close: () => provider.close(),
  };
}
