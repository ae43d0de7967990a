import type { IncomingHttpHeaders } from 'node:http';

/** An amount in the currency's minor unit (fen, cent); currency by ISO 4217. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** Money that the provider holds for us. */
export interface ProviderPayment {
  /** The provider's own number, by which statements and refunds name it. */
  readonly paymentId: string;
  /** What was really paid: compare it with what was asked. */
  readonly amount: Money;
  readonly capturedAt: Date;
}

export interface ProviderOrder {
  readonly orderId: string;
  /** Where the payer completes the payment. */
  readonly checkoutUrl: string;
  readonly expiresAt: Date;
}

export interface ProviderRefund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly refundedAt: Date;
}

/**
 * Nobody knows whether it happened: no answer in time, a broken connection, an error at the provider, an answer that
 * cannot be read. Never tell anybody that it failed. Ask again with the same key, or query.
 */
export interface Unknown {
  readonly outcome: 'unknown';
  readonly reason: 'timeout' | 'connection' | 'provider_error' | 'unreadable_answer';
}
interface Absent {
  readonly outcome: 'absent';
}

export interface CaptureRequest {
  /** From `providerKey`. The same key is captured once, for ever. */
  readonly key: string;
  readonly amount: Money;
  readonly description?: string | undefined;
}
/** Declined is final for its key: another try needs another intent. */
export type CaptureOutcome =
  | { readonly outcome: 'captured'; readonly payment: ProviderPayment }
  | { readonly outcome: 'declined'; readonly paymentId: string; readonly reason: string }
  | Unknown;
/** Absent: the provider has not heard of the key. That is final only once no request with it can still be under way. */
export type CaptureStatus = CaptureOutcome | Absent;

export interface OrderRequest {
  /** From `providerKey`. */
  readonly key: string;
  readonly amount: Money;
  readonly description?: string | undefined;
  /** Where notifications go. */
  readonly notifyUrl: string;
  /** Where the payer's browser goes afterwards. */
  readonly returnUrl?: string | undefined;
  readonly expiresAt: Date;
}
export type OrderOutcome = { readonly outcome: 'created'; readonly order: ProviderOrder } | Unknown;
export type OrderStatus =
  | { readonly outcome: 'open'; readonly order: ProviderOrder }
  | { readonly outcome: 'expired'; readonly order: ProviderOrder }
  | { readonly outcome: 'paid'; readonly order: ProviderOrder; readonly payment: ProviderPayment }
  | Absent
  | Unknown;

export interface RefundRequest {
  /** From `providerKey`; one per part of a refund. */
  readonly key: string;
  readonly paymentId: string;
  /** All of the payment or a part of what is left. */
  readonly amount: Money;
  readonly reason: string;
  readonly notifyUrl?: string | undefined;
}
/** Refused: nothing was refunded, and the same request will not succeed later. */
export type RefundOutcome =
  | { readonly outcome: 'refunded'; readonly refund: ProviderRefund }
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unknown;
export type RefundStatus =
  { readonly outcome: 'refunded'; readonly refund: ProviderRefund } | Absent | Unknown;

/** What a provider tells on its own account: at least once, in no order. `eventId` is the same each time. */
export type PaymentEvent =
  | {
      readonly type: 'order.paid';
      readonly eventId: string;
      /** Our key of the order. */
      readonly key: string;
      readonly orderId: string;
      readonly payment: ProviderPayment;
    }
  | {
      readonly type: 'refund.paid';
      readonly eventId: string;
      readonly key: string;
      readonly refund: ProviderRefund;
    }
  /** A kind that this adapter does not know: acknowledge it and go on. */
  | { readonly type: 'other'; readonly eventId: string; readonly name: string };

/**
 * A payment provider as the domain sees it. Every method that asks for money throws `ProviderKeyReused` when the key
 * came before with another input and `PaymentRequestRefused` when the provider rejects the request as such; both mean
 * that nothing happened now and that the program is wrong. Everything that the world can do is an outcome.
 */
export interface PaymentProvider {
  /** Stands in facts and statements. */
  readonly name: string;
  /** Takes the money now. */
  capture(request: CaptureRequest): Promise<CaptureOutcome>;
  queryCapture(key: string): Promise<CaptureStatus>;
  /** Asks for money that the payer sends later; a notification tells. */
  createOrder(request: OrderRequest): Promise<OrderOutcome>;
  queryOrder(key: string): Promise<OrderStatus>;
  refund(request: RefundRequest): Promise<RefundOutcome>;
  queryRefund(key: string): Promise<RefundStatus>;
  /**
   * Reads a notification: verify over the bytes as they came, before anything parses them.
   * @throws NotificationRefused unless the provider has signed it in the last five minutes.
   */
  verifyNotification(headers: IncomingHttpHeaders, rawBody: Uint8Array, now?: Date): PaymentEvent;
  /** Ends connections. */
  close(): Promise<void>;
}
