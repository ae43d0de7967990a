/** What happened at the provider, as it stands in the journal. Amounts are minor units in decimal; times are ISO. */
export type BookEvent =
  | CaptureEvent
  | {
      readonly kind: 'ordered';
      readonly orderId: string;
      readonly merchant: string;
      readonly key: string;
      readonly minor: string;
      readonly currency: string;
      readonly description: string;
      readonly notifyUrl: string;
      readonly returnUrl: string | null;
      readonly expiresAt: string;
      readonly at: string;
    }
  | {
      readonly kind: 'paid';
      readonly orderId: string;
      readonly paymentId: string;
      readonly minor: string;
      readonly at: string;
    }
  | {
      readonly kind: 'refunded';
      readonly refundId: string;
      readonly paymentId: string;
      readonly merchant: string;
      readonly key: string;
      readonly minor: string;
      readonly reason: string;
      readonly notifyUrl: string | null;
      readonly at: string;
    }
  /** The merchant has acknowledged the notification, or will never get it. */
  | { readonly kind: 'told'; readonly eventId: string };

export interface CaptureEvent {
  readonly kind: 'captured' | 'declined';
  readonly paymentId: string;
  readonly merchant: string;
  readonly key: string;
  readonly minor: string;
  readonly currency: string;
  readonly at: string;
}
