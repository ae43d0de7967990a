import type { BookedGift, BookedIntent, Books, PaymentFact } from './books.ts';
import type { Finding } from './finding.ts';
import type { ProviderPayment } from './provider.ts';

/** The provider's own book, read before and after ours: what happens in between is on one side only. */
export interface ProviderBook {
  before: readonly ProviderPayment[];
  after: readonly ProviderPayment[];
}

/** What a load has given cause for. */
export type SuspenseReasons = readonly string[];

/** What became of the money that the provider took. */
export interface MoneyTaken {
  payments: number;
  counted: number;
  /** How many are in suspense, by reason. */
  suspense: ReadonlyMap<string, number>;
}

/** A payment for a gift of the run, or for no gift that anybody knows of. */
function concernsRun(
  payment: ProviderPayment,
  intents: ReadonlyMap<string, BookedIntent>,
  books: Books,
): boolean {
  return intents.has(payment.merchantKey) || !books.knownKeys.has(payment.merchantKey);
}

/** Every payment is what its gift was counted by, or stands in suspense for a reason that the load has given. */
function* judgePayment(
  payment: ProviderPayment,
  fact: PaymentFact | undefined,
  { subject, gift, reasons }: { subject: string; gift: BookedGift | undefined; reasons: SuspenseReasons },
): Generator<Finding> {
  const taken = `${payment.amount} was taken (${payment.paymentId})`;
  if (fact === undefined) {
    yield { fault: 'UNCOUNTED', subject, detail: `${taken} and is neither counted nor in suspense` };
    return;
  }
  if (fact.kind === 'SUSPENDED') {
    if (fact.reason === null || !reasons.includes(fact.reason) || fact.amount !== payment.amount) {
      const detail = `${taken}; in suspense stands ${fact.amount}, reason ${fact.reason ?? 'none'}`;
      yield { fault: 'UNCOUNTED', subject, detail };
    }
    return;
  }
  if (gift === undefined || gift.amount !== payment.amount || fact.amount !== payment.amount) {
    const detail = `${taken}; noted as paid, counted ${gift?.amount ?? 'nothing'}`;
    yield { fault: 'UNCOUNTED', subject, detail };
  }
}

/** A wish has one key, and its payer pays once, however many donations and orders came of it. */
function* judgeWishes(
  payments: readonly ProviderPayment[],
  intents: ReadonlyMap<string, BookedIntent>,
): Generator<Finding> {
  const byKey = Map.groupBy(payments, ({ merchantKey }) => intents.get(merchantKey)?.key);
  for (const [subject, ofWish] of byKey) {
    if (subject === undefined || ofWish.length === 1) continue;
    yield { fault: 'PAID_TWICE', subject, detail: `the provider has taken ${list(ofWish)} for one wish` };
  }
}

function list(payments: readonly ProviderPayment[]): string {
  return payments.map(({ paymentId, amount }) => `${amount} (${paymentId})`).join(', ');
}

/** Every counted gift was paid by its amount, which no suspense holds. */
function* judgeCounted(
  gift: BookedGift,
  payments: readonly ProviderPayment[],
  facts: ReadonlyMap<string, PaymentFact>,
): Generator<Finding> {
  const paying = payments.filter((payment) => facts.get(payment.paymentId)?.kind !== 'SUSPENDED');
  if (paying.some(({ amount }) => amount === gift.amount)) return;
  const detail = `${gift.amount} is counted, the provider has taken ${list(paying) || 'nothing'} for ${gift.donationId}`;
  yield { fault: 'UNPAID', subject: gift.key, detail };
}

/** Holds the provider's book against ours, both ways. */
export function judgePayments(
  books: Books,
  book: ProviderBook,
  reasons: SuspenseReasons,
): { findings: Finding[]; money: MoneyTaken } {
  const facts = new Map(books.facts.map((fact) => [fact.paymentId, fact]));
  const intents = new Map(books.intents.map((intent) => [intent.donationId, intent]));
  const gifts = new Map(books.gifts.map((gift) => [gift.donationId, gift]));
  const concerned = book.before.filter((payment) => concernsRun(payment, intents, books));
  const byGift = Map.groupBy(book.after, (payment) => payment.merchantKey);
  const findings = [
    ...concerned.flatMap((payment) => {
      const { paymentId, merchantKey } = payment;
      const subject = intents.get(merchantKey)?.key ?? merchantKey;
      const gift = gifts.get(merchantKey);
      return [...judgePayment(payment, facts.get(paymentId), { subject, gift, reasons })];
    }),
    ...judgeWishes(book.after, intents),
    ...books.gifts.flatMap((gift) => [...judgeCounted(gift, byGift.get(gift.donationId) ?? [], facts)]),
  ];
  const settled = concerned.flatMap((payment) => facts.get(payment.paymentId) ?? []);
  const suspended = settled.filter((fact) => fact.kind === 'SUSPENDED');
  const byReason = Map.groupBy(suspended, (fact) => fact.reason ?? 'NONE');
  const money: MoneyTaken = {
    payments: concerned.length,
    counted: settled.length - suspended.length,
    suspense: new Map([...byReason].map(([reason, all]) => [reason, all.length])),
  };
  return { findings, money };
}
