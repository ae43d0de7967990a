/** Port to a payment provider, and the adapter that speaks to one over HTTP. */
export { NotificationRefused, PaymentRequestRefused, ProviderKeyReused } from './errors.ts';
export type { NotificationProblem } from './errors.ts';
export { createHttpPaymentProvider, type HttpPaymentProviderOptions } from './http-payment-provider.ts';
export { providerKey } from './provider-key.ts';
export type {
  CaptureOutcome,
  CaptureRequest,
  CaptureStatus,
  Money,
  OrderOutcome,
  OrderRequest,
  OrderStatus,
  PaymentEvent,
  PaymentProvider,
  ProviderOrder,
  ProviderPayment,
  ProviderRefund,
  RefundOutcome,
  RefundRequest,
  RefundStatus,
  Unknown,
} from './provider.ts';
