import { sharedByTests } from '@banyan/kit/testing';
import type { PaymentEvent } from '@banyan/payments';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { sweepPayments } from '../src/domain/payments/sweep.ts';
import { join, leave, membershipsOf, topUp, yuan } from './aid.ts';
import { newPerson, startInsurance } from './support.ts';
import { createWhimsicalProvider } from './whimsical-provider.ts';

const skew = { aheadMs: 0 };
const now = () => new Date(Date.now() + skew.aheadMs);
const provider = createWhimsicalProvider(now);
const insurance = await sharedByTests(startInsurance({ provider, now }));

type Step =
  | { kind: 'join' | 'leave' | 'sweep' | 'wait' | 'tell refunds' }
  | { kind: 'top up'; minor: number; key: number }
  | { kind: 'pay'; which: number; wrongBy: number }
  | { kind: 'tell'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: 'join' }, { kind: 'sweep' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ kind: 'leave' }, { kind: 'wait' }, { kind: 'tell refunds' }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('top up' as const),
      minor: fc.constantFrom(1_000, 2_000),
      key: fc.nat(3),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      which: fc.nat(5),
      wrongBy: fc.constantFrom(0, 0, 0, -1, 5),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('tell' as const), which: fc.nat(5) }) },
);
const whims = fc.array(fc.constantFrom('fine', 'fine', 'lost before', 'lost after'), { maxLength: 12 });

const deliver = (event: PaymentEvent) =>
  insurance.deliver({ headers: { 'content-type': 'text/plain' }, body: Buffer.from(provider.write(event)) });

/** One person's dealings with one plan, in any order, with lost answers and notifications told at will. */
async function live(
  person: { id: string },
  steps: readonly Step[],
  joinKey: string,
): Promise<PaymentEvent[]> {
  const known = new Set(provider.orders.keys());
  const own = () => [...provider.orders.keys()].filter((key) => !known.has(key));
  const events: PaymentEvent[] = [];
  for (const each of steps) {
    const [membership] = await membershipsOf(insurance, person);
    if (each.kind === 'join') await join(insurance, person, { idempotencyKey: joinKey });
    else if (each.kind === 'sweep') await sweepPayments(insurance.app.services);
    else if (each.kind === 'wait') skew.aheadMs += 26 * 3_600_000;
    else if (each.kind === 'leave' && membership) await leave(insurance, person, membership.id);
    else if (each.kind === 'top up' && membership) {
      const input = { amount: yuan(each.minor), idempotencyKey: `t${each.key}` };
      await topUp(insurance, person, membership.id, input);
    } else if (each.kind === 'pay') {
      const key = own()[each.which];
      const asked = key === undefined ? undefined : provider.orders.get(key)?.asked.minor;
      const event = key === undefined ? null : provider.pay(key, (asked ?? 0n) + BigInt(each.wrongBy));
      if (event !== null) events.push(event);
    } else if (each.kind === 'tell') {
      const event = events[each.which];
      if (event !== undefined) expect(await deliver(event)).toBe(204);
    } else if (each.kind === 'tell refunds') {
      for (const event of provider.refundEvents()) await deliver(event);
    }
  }
  return events;
}

/** What the provider holds of an account's orders, after what it paid back. */
function heldByProvider(keys: readonly string[]): bigint {
  const payments = keys.flatMap((key) => provider.orders.get(key)?.payment ?? []);
  const ids = new Set(payments.map(({ paymentId }) => paymentId));
  const back = [...provider.refunds.values()].filter(({ paymentId }) => ids.has(paymentId));
  const sum = (amounts: readonly { amount: { minor: bigint } }[]) =>
    amounts.reduce((total, { amount }) => total + amount.minor, 0n);
  return sum(payments) - sum(back);
}

async function one<Row>(query: ReturnType<typeof sql<Row>>): Promise<Row> {
  const { rows } = await query.execute(insurance.db);
  return rows[0] as Row;
}

test('whatever is lost, told twice or paid wrongly: a balance is the money that the provider holds for it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), whims, async (steps, lostOnes) => {
      const person = newPerson();
      const before = new Set(provider.orders.keys());
      provider.whims = [...lostOnes];
      const events = await live(person, [{ kind: 'join' }, ...steps], 'j1');

      // In the end everything is told, twice, and everything that is due is asked about.
      provider.whims = [];
      for (const event of [...events, ...events]) expect(await deliver(event)).toBe(204);
      for (let tick = 0; tick < 4; tick += 1) {
        skew.aheadMs += 2 * 3_600_000;
        await sweepPayments(insurance.app.services);
      }
      for (const event of provider.refundEvents()) await deliver(event);

      const own = [...provider.orders.keys()].filter((key) => !before.has(key));
      const memberships = await membershipsOf(insurance, person);
      const balance = memberships.reduce((sum, each) => sum + BigInt(each.balance.minor), 0n);
      expect(balance).toBe(heldByProvider(own));
      for (const each of memberships.filter(({ state }) => state === 'EXITED'))
        expect(each.balance.minor).toBe('0');
    }),
    { numRuns: 25, seed: 20_260_801 },
  );

  // Over all of them: each fact once, each entry of one payment, and as many members as are counted.
  const totals = await one(sql<Record<string, bigint>>`
    select (select count(*) from payments where state = 'PAID' and membership_id is not null
        and id not in (select payment_id from aid_entries where payment_id is not null)) as uncounted,
      (select count(*) from suspense where state not in ('RETURNED')) as kept,
      (select count(*) from refunds where state <> 'REFUNDED') as owed,
      (select sum(members)::bigint from aid_member_counts)
        - (select count(*) from aid_memberships where state = 'JOINED') as miscounted`);
  expect(totals).toEqual({ uncounted: 0n, kept: 0n, owed: 0n, miscounted: 0n });
});
