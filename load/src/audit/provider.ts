import { z } from 'zod';

/** Money that the provider has taken for us, by its own book. */
export interface ProviderPayment {
  readonly paymentId: string;
  /** Under which key of ours: the donation's id. */
  readonly merchantKey: string;
  readonly amount: bigint;
}

const pageShape = z.object({
  entries: z.array(
    z.object({
      kind: z.enum(['PAYMENT', 'REFUND']),
      paymentId: z.string(),
      merchantKey: z.string(),
      amount: z.object({ minor: z.string().transform(BigInt) }),
    }),
  ),
  next: z.number(),
  more: z.boolean(),
});

const maxEntriesPerPage = 10_000;

/** The payments in the provider's book from a place on, and the place where it ends now. */
export async function readPayments(
  sandboxUrl: string,
  since: number,
): Promise<{ payments: ProviderPayment[]; next: number }> {
  const payments: ProviderPayment[] = [];
  for (let at = since; ;) {
    const query = `since=${at}&limit=${maxEntriesPerPage}&merchant=campaigns`;
    const response = await fetch(`${sandboxUrl}/payments/book?${query}`);
    if (!response.ok) throw new Error(`the payment provider's book answers ${response.status}`);
    const page = pageShape.parse(await response.json());
    for (const { kind, paymentId, merchantKey, amount } of page.entries) {
      if (kind === 'PAYMENT') payments.push({ paymentId, merchantKey, amount: amount.minor });
    }
    at = page.next;
    if (!page.more) return { payments, next: at };
  }
}
