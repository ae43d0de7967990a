import type { BookedGift, BookedIntent, Books } from './books.ts';
import type { Finding } from './finding.ts';
import type { ProviderPayment } from './provider.ts';

/** The provider's own book, read before and after ours: what happens in between is on one side only. */
export interface ProviderBook {
  before: readonly ProviderPayment[];
  after: readonly ProviderPayment[];
}

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

/** Every payment is what its gift was counted by, or stands in suspense with a reason. */
function* judgePayment(
  payment: ProviderPayment,
  facts: ReadonlyMap<string, Books['facts'][number]>,
  subject: string,
  gift: BookedGift | undefined,
): Generator<Finding> {
  const fact = facts.get(payment.paymentId);
  const taken = `${payment.amount} was taken (${payment.paymentId})`;
  if (fact === undefined) {
    yield { fault: 'UNCOUNTED', subject, detail: `${taken} and is neither counted nor in suspense` };
    return;
  }
  if (fact.kind === 'SUSPENDED') {
    if (fact.reason === null || fact.amount !== payment.amount) {
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

/** Every counted gift has one payment of its amount that no suspense holds. */
function* judgeCounted(
  gift: BookedGift,
  payments: readonly ProviderPayment[],
  facts: ReadonlyMap<string, Books['facts'][number]>,
): Generator<Finding> {
  const paying = payments.filter((payment) => facts.get(payment.paymentId)?.kind !== 'SUSPENDED');
  if (paying.length === 1 && paying[0]?.amount === gift.amount) return;
  const taken = paying.map(({ paymentId, amount }) => `${amount} (${paymentId})`).join(', ');
  const detail = `${gift.amount} is counted, the provider has taken ${taken || 'nothing'} for ${gift.donationId}`;
  yield { fault: paying.length > 1 ? 'UNCOUNTED' : 'UNPAID', subject: gift.key, detail };
}

/** Holds the provider's book against ours, both ways. */
export function judgePayments(books: Books, book: ProviderBook): { findings: Finding[]; money: MoneyTaken } {
  const facts = new Map(books.facts.map((fact) => [fact.paymentId, fact]));
  const intents = new Map(books.intents.map((intent) => [intent.donationId, intent]));
  const gifts = new Map(books.gifts.map((gift) => [gift.donationId, gift]));
  const concerned = book.before.filter((payment) => concernsRun(payment, intents, books));
  const byGift = Map.groupBy(book.after, (payment) => payment.merchantKey);
  const findings = [
    ...concerned.flatMap((payment) => {
      const subject = intents.get(payment.merchantKey)?.key ?? payment.merchantKey;
      return [...judgePayment(payment, facts, subject, gifts.get(payment.merchantKey))];
    }),
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
