import { z } from 'zod';

/** What the provider's answers and notifications look like, and how they become ours. */
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const amount = z
  .object({ minor: z.string().regex(/^\d{1,18}$/), currency: z.string().length(3) })
  .transform(({ minor, currency }) => ({ minor: BigInt(minor), currency }));

const payment = z
  .object({ paymentId: z.string(), amount, at: instant })
  .transform(({ paymentId, amount: paid, at }) => ({ paymentId, amount: paid, capturedAt: at }));

export const captureAnswer = z
  .object({
    state: z.enum(['CAPTURED', 'DECLINED']),
    declineReason: z.string().nullable(),
    paymentId: z.string(),
    amount,
    at: instant,
  })
  .transform(({ state, declineReason, paymentId, amount: paid, at }) =>
    state === 'CAPTURED'
      ? { outcome: 'captured' as const, payment: { paymentId, amount: paid, capturedAt: at } }
      : { outcome: 'declined' as const, paymentId, reason: declineReason ?? state },
  );

export const orderAnswer = z.object({
  orderId: z.string(),
  state: z.enum(['OPEN', 'PAID', 'EXPIRED']),
  checkoutUrl: z.url(),
  expiresAt: instant,
  payment: payment.nullable(),
});
export type OrderAnswer = z.infer<typeof orderAnswer>;

export const refundAnswer = z
  .object({ refundId: z.string(), paymentId: z.string(), amount, at: instant })
  .transform(({ refundId, paymentId, amount: refunded, at }) => ({
    refundId,
    paymentId,
    amount: refunded,
    refundedAt: at,
  }));

export const errorAnswer = z.object({
  errors: z.tuple([z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })]),
});

const envelope = { eventId: z.string(), occurredAt: instant };
export const notification = z.object({ ...envelope, type: z.string(), data: z.unknown() });
export const orderPaid = z.object({
  orderId: z.string(),
  merchantOrder: z.string(),
  paymentId: z.string(),
  amount,
});
export const refundPaid = z.object({
  refundId: z.string(),
  merchantKey: z.string(),
  paymentId: z.string(),
  amount,
});
