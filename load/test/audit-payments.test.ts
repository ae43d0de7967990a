import { describe, expect, test } from 'vitest';
import type { PaymentFact } from '../src/audit/books.ts';
import type { ProviderPayment } from '../src/audit/provider.ts';
import { faults, honest, judge, rightBooks, withIntents } from './support/judged-run.ts';

describe('against the provider’s book', () => {
  const paid = (key: string, amount: bigint, paymentId = `pay_${key}`): ProviderPayment => ({
    paymentId,
    merchantKey: `don_${key}`,
    amount,
  });
  const fact = (key: string, amount: bigint, change: Partial<PaymentFact> = {}): PaymentFact => ({
    paymentId: `pay_${key}`,
    kind: 'PAID',
    donationId: `don_${key}`,
    amount,
    reason: null,
    ...change,
  });
  const payments = [paid('a', 10n), paid('b', 5n)];
  const facts = [fact('a', 10n), fact('b', 5n)];
  const books = { ...rightBooks, facts };
  const third = [...payments, paid('c', 7n)];
  const withThirdBegun = withIntents(books, 'c', 'don_c');

  test('one payment for each counted gift is proven', () => {
    const verdict = judge(honest, books, { payments });
    expect(verdict).toMatchObject({ findings: [], money: { payments: 2, counted: 2 } });
  });

  test('money that was taken and is nowhere is named', () => {
    expect(faults(honest, withThirdBegun, { payments: third })).toEqual(['UNCOUNTED c']);
  });

  test('money in suspense with a reason that the load gives cause for is told and no fault; any other is', () => {
    const kept = (reason: string | null) => {
      const suspended = fact('c', 7n, { kind: 'SUSPENDED', reason });
      const told = { payments: third, suspenseReasons: ['BOOK_CLOSED'] };
      return judge(honest, { ...withThirdBegun, facts: [...facts, suspended] }, told);
    };
    expect(kept('BOOK_CLOSED')).toMatchObject({ findings: [], money: { counted: 2 } });
    expect(kept('BOOK_CLOSED').money?.suspense).toEqual(new Map([['BOOK_CLOSED', 1]]));
    for (const reason of [null, 'AMOUNT_MISMATCH', 'NOT_BOOKABLE'])
      expect(kept(reason).findings.map(({ fault: kind }) => kind)).toEqual(['UNCOUNTED']);
  });

  test('a counted gift that nobody paid, or paid otherwise, is named', () => {
    const one = { ...books, facts: [fact('a', 10n)] };
    expect(faults(honest, one, { payments: [paid('a', 10n)] })).toEqual(['UNPAID b']);
    expect(faults(honest, books, { payments: [paid('a', 10n), paid('b', 4n)] })).toEqual([
      'UNCOUNTED b',
      'UNPAID b',
    ]);
  });

  test('a gift that was paid twice is named', () => {
    const twice = [...payments, paid('b', 5n, 'pay_b2')];
    expect(faults(honest, books, { payments: twice })).toEqual(['UNCOUNTED b', 'PAID_TWICE b']);
  });

  test('a wish that was paid twice is named, though every payment is counted or in suspense', () => {
    const twice = [...payments, paid('b', 5n, 'pay_b2')];
    const kept = fact('b', 5n, { paymentId: 'pay_b2', kind: 'SUSPENDED', reason: 'PAID_TWICE' });
    const told = { payments: twice, suspenseReasons: ['PAID_TWICE'] };
    expect(faults(honest, { ...books, facts: [...facts, kept] }, told)).toEqual(['PAID_TWICE b']);
  });

  test('a wish is paid twice also when each payment is for a donation of its own', () => {
    const begun = withIntents(books, 'b', 'don_b2');
    const kept = fact('b2', 5n, { kind: 'SUSPENDED', reason: 'AMOUNT_MISMATCH' });
    const told = { payments: [...payments, paid('b2', 5n)], suspenseReasons: ['AMOUNT_MISMATCH'] };
    expect(faults(honest, { ...begun, facts: [...facts, kept] }, told)).toEqual([
      'DOUBLED b',
      'PAID_TWICE b',
    ]);
  });

  test('money for no gift at all is named; that of other gifts is not ours to judge', () => {
    const stray = [...payments, paid('x', 1n), paid('other', 1n)];
    const others = { ...books, knownKeys: new Set(['don_other']) };
    expect(faults(honest, others, { payments: stray })).toEqual(['UNCOUNTED don_x']);
  });
});
