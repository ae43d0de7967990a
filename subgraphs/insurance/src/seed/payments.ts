import { providerKey } from '@banyan/payments';
import { seedId } from '@banyan/seed';
import type { Insertable } from 'kysely';
import type { PaymentFactsTable } from '../db/payment-facts.ts';
import type { PaymentsTable } from '../db/payments.ts';
import { book } from '../domain/payments/open-payment.ts';

/** Of the seed's payments no provider knows; under a name of their own nobody is asked about them. */
const seedProvider = 'seed';

export interface SeedPayment {
  readonly payment: Insertable<PaymentsTable>;
  readonly facts: readonly Insertable<PaymentFactsTable>[];
}

/** A payment that was asked for and came, or (with `paidAt` null) never did. */
export function seedPayment(of: {
  key: string;
  payerId: string;
  subject: { policy_id: string } | { membership_id: string };
  minor: bigint;
  currency: string;
  description: string;
  askedAt: Date;
  paidAt: Date | null;
}): SeedPayment {
  const id = seedId('pmt', of.key);
  const paymentId = seedId('pay', of.key);
  const payment = {
    id,
    payer_id: of.payerId,
    policy_id: 'policy_id' in of.subject ? of.subject.policy_id : null,
    membership_id: 'membership_id' in of.subject ? of.subject.membership_id : null,
    minor: of.minor,
    currency: of.currency,
    provider: seedProvider,
    provider_key: providerKey(book, id),
    description: of.description,
    state: of.paidAt === null ? 'CLOSED' : 'PAID',
    checkout_url: null,
    expires_at: new Date(of.askedAt.getTime() + 86_400_000),
    provider_payment_id: of.paidAt === null ? null : paymentId,
    idempotency_key: `seed ${of.key}`,
    input_fingerprint: 'seed',
    look_at: of.askedAt,
    created_at: of.askedAt,
  } as const;
  const fact = (kind: 'INTENT' | 'PAID', eventId: string, at: Date) => ({
    provider: seedProvider,
    provider_event_id: eventId,
    kind,
    payment_id: id,
    minor: of.minor,
    currency: of.currency,
    occurred_at: at,
  });
  const facts = [fact('INTENT', payment.provider_key, of.askedAt)];
  if (of.paidAt !== null) facts.push(fact('PAID', paymentId, of.paidAt));
  return { payment, facts };
}
