import type { PaymentFact } from './books.ts';
import type { ProviderPayment } from './provider.ts';
import { inParts, type Snapshot, type Text } from './snapshot.ts';

const factsOfPayments = `
  select provider_ref, kind, donation_id, amount, reason from payment_facts
  where provider_ref = any ($1) and kind in ('PAID', 'SUSPENDED')`;

/** What our books say of payments of the provider. */
export async function readFacts(
  snapshot: Snapshot,
  payments: readonly ProviderPayment[],
): Promise<PaymentFact[]> {
  const facts: PaymentFact[] = [];
  type Row = Text<'provider_ref' | 'amount'> &
    Pick<PaymentFact, 'kind' | 'reason'> & { donation_id: string | null };
  for (const part of inParts(payments)) {
    const ids = part.map((payment) => payment.paymentId);
    for (const row of await snapshot.all<Row>(factsOfPayments, [ids])) {
      const { provider_ref: paymentId, kind, donation_id: donationId, amount, reason } = row;
      facts.push({ paymentId, kind, donationId, amount: BigInt(amount), reason });
    }
  }
  return facts;
}

/** Of the payments' keys, those that belong to a gift, of this run or another. */
export async function readKnownKeys(
  snapshot: Snapshot,
  payments: readonly ProviderPayment[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const part of inParts(payments)) {
    const keys = part.map((payment) => payment.merchantKey);
    const rows = await snapshot.all<Text<'id'>>('select id from intents where id = any ($1)', [keys]);
    for (const { id } of rows) known.add(id);
  }
  return known;
}
