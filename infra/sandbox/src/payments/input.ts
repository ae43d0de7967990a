import { z } from 'zod';

/** ISO 8583 leaves twelve digits; so do we. */
const minor = z.string().regex(/^[1-9]\d{0,11}$/, 'minor units, 1 to 999999999999, as a string');
const amount = z.object({ minor, currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code') }).strict();
const httpUrl = z.url({ protocol: /^https?$/ }).max(500);
/** As narrow as the narrowest real provider: WeChat Pay's out_trade_no. */
const merchantOrder = z.string().regex(/^[0-9A-Za-z_*|-]{6,32}$/, '6 to 32 of 0-9 A-Z a-z _ - * |');

export const captureInput = z.object({ amount, description: z.string().max(200).default('') }).strict();

export const orderInput = z
  .object({
    merchantOrder,
    amount,
    description: z.string().max(200).default(''),
    notifyUrl: httpUrl,
    returnUrl: httpUrl.nullable().default(null),
    expiresAt: z.iso.datetime({ offset: true }),
  })
  .strict();

export const payInput = z
  .object({
    minor: minor.optional(),
    afterExpiry: z.boolean().default(false),
    notification: z
      .object({
        drop: z.boolean(),
        delayMs: z
          .int()
          .min(0)
          .max(7 * 86_400_000),
        copies: z.int().min(1).max(100),
        swap: z.boolean(),
      })
      .partial()
      .strict()
      .default({}),
  })
  .strict();

export const refundInput = z
  .object({
    paymentId: z.string().max(64),
    amount,
    reason: z.string().max(200).default(''),
    notifyUrl: httpUrl.nullable().default(null),
  })
  .strict();
