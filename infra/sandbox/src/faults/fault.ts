import { z } from 'zod';

/** Things that can be made to go wrong. */
const operations = ['send', 'check', 'capture', 'order', 'pay', 'refund', 'query', 'notification'] as const;
export type Operation = (typeof operations)[number];

/** Kinds that befall a notification; all others befall a call. */
const notificationKinds = ['duplicate', 'reorder', 'drop', 'late'] as const;

export const faultInput = z
  .object({
    service: z.enum(['sms', 'ekyc', 'payments']),
    kind: z.enum(['delay', 'fail', 'decline', 'timeout_after_effect', ...notificationKinds]),
    operation: z.enum(operations).optional(),
    match: z.string().min(1).max(200).optional(),
    count: z.int().min(1).max(1_000_000).optional(),
    probability: z.number().min(0).max(1).optional(),
    seed: z.string().max(100).default('sandbox'),
    delayMs: z
      .int()
      .min(0)
      .max(7 * 86_400_000)
      .default(1_000),
    status: z.int().min(500).max(599).default(503),
    copies: z.int().min(2).max(100).default(2),
  })
  .strict();
export type FaultInput = z.infer<typeof faultInput>;
export type FaultKind = FaultInput['kind'];

export function isNotificationKind(kind: FaultKind): boolean {
  return (notificationKinds as readonly string[]).includes(kind);
}
