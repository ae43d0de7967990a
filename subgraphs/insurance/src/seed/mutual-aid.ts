import { insertMany } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { castId, createRandom, people, personas, seedId, type Person, type SeedDay } from '@banyan/seed';
import { sql, type Insertable, type Transaction } from 'kysely';
import type { AidEntriesTable } from '../db/aid-entries.ts';
import type { AidMembershipsTable } from '../db/aid-memberships.ts';
import type { AidPlansTable } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import { addDays } from '../domain/cover-dates.ts';
import { coversRegion } from '../domain/regions.ts';
import { seedPayment, type SeedPayment } from './payments.ts';

/** How many of each plan's members the seed holds. */
const memberCounts = [230, 150, 220];

const declared = { zh: '加入时身体健康，如实声明', en: 'In good health when joining, truthfully declared' };
const onlyOnce = { zh: '同一人只能加入一次', en: 'One membership a person' };

function plansOf(day: SeedDay): Insertable<AidPlansTable>[] {
  const plan = (
    number: number,
    name: { zh: string; en: string },
    rules: Omit<
      Insertable<AidPlansTable>,
      'id' | 'name' | 'currency' | 'conditions' | 'state' | 'created_at'
    >,
    condition: { zh: string; en: string },
  ): Insertable<AidPlansTable> => ({
    ...rules,
    id: castId('plan', number),
    name: JSON.stringify(name),
    state: 'OPEN',
    currency: 'CNY',
    conditions: JSON.stringify([condition, declared, onlyOnce]),
    created_at: day.at(-1_200 + number),
  });
  return [
    plan(
      1,
      { zh: '中老年抗癌互助计划', en: 'Cancer Aid for the Second Half of Life' },
      {
        cover: 'CRITICAL_ILLNESS',
        funding: 'PREPAID',
        waiting_days: 180,
        share_cap_minor: 300n,
        least_amount_minor: 1_000n,
        age_min: 45,
        age_max: 80,
        regions: ['CN'],
      },
      { zh: '45 至 80 周岁', en: 'Ages 45 to 80' },
    ),
    plan(
      2,
      { zh: '青壮年大病互助计划', en: 'Critical Illness Aid under Sixty' },
      {
        cover: 'CRITICAL_ILLNESS',
        funding: 'POST_SHARE',
        waiting_days: 90,
        share_cap_minor: 800n,
        least_amount_minor: 0n,
        age_min: 18,
        age_max: 59,
        regions: ['CN'],
      },
      { zh: '18 至 59 周岁', en: 'Ages 18 to 59' },
    ),
    plan(
      3,
      { zh: '意外互助计划', en: 'Accident Aid for Everybody' },
      {
        cover: 'ACCIDENT',
        funding: 'POST_SHARE',
        waiting_days: 7,
        share_cap_minor: 100n,
        least_amount_minor: 0n,
        age_min: 18,
        age_max: 100,
        regions: [],
      },
      { zh: '所有成年人', en: 'Every adult' },
    ),
  ];
}

interface SeedMembership {
  readonly membership: Insertable<AidMembershipsTable>;
  readonly payments: readonly SeedPayment[];
}

/** Three plans with their members; the donor shares in accidents. */
export async function loadMutualAid(trx: Transaction<Database>, day: SeedDay): Promise<void> {
  const plans = plansOf(day);
  await insertMany(trx, 'aid_plans', plans);
  const memberships = plans.flatMap((plan, index) => membersOf(plan, memberCounts[index] ?? 0, day));
  const payments = memberships.flatMap((each) => each.payments);
  await insertMany(
    trx,
    'aid_memberships',
    memberships.map(({ membership }) => membership),
  );
  await insertMany(
    trx,
    'payments',
    payments.map(({ payment }) => payment),
  );
  await insertMany(
    trx,
    'payment_facts',
    payments.flatMap(({ facts }) => facts),
  );
  await insertMany(trx, 'aid_entries', payments.map(toEntry));
  await countMembers(trx);
  await appendEvents(
    trx,
    memberships
      .filter(({ membership }) => membership.state === 'JOINED')
      .map(({ membership }) => ({
        type: 'aid.joined',
        subject: membership.id,
        payload: { userId: membership.user_id, planId: membership.plan_id },
      })),
  );
}

function toEntry({ payment }: SeedPayment, index: number): Insertable<AidEntriesTable> {
  return {
    id: seedId('ent', index),
    membership_id: payment.membership_id ?? '',
    kind: 'PAID_IN',
    minor: payment.minor,
    payment_id: payment.id,
    refund_id: null,
    created_at: payment.created_at,
  };
}

/** As many as there are, in slots as the service fills them. */
async function countMembers(trx: Transaction<Database>): Promise<void> {
  await sql`
    insert into aid_member_counts (plan_id, slot, members)
    select plan_id, abs(hashtext(id) % 16), count(*) from aid_memberships
    where state = 'JOINED' group by 1, 2`.execute(trx);
}

function membersOf(plan: Insertable<AidPlansTable>, count: number, day: SeedDay): SeedMembership[] {
  const random = createRandom(`insurance:members:${plan.id}`);
  const suitable = people.filter(
    ({ birthYear, regionCode }) =>
      day.year - birthYear >= plan.age_min &&
      day.year - birthYear <= plan.age_max &&
      coversRegion(plan.regions, regionCode),
  );
  const donor = people[personas.donor.number - 1] as Person;
  const others = random.sample(
    suitable.filter(({ id }) => id !== donor.id),
    count,
  );
  // In the plan that the donor is not in, there is something to offer her.
  const members = plan.id === castId('plan', 3) ? [donor, ...others.slice(1)] : others;
  return members.map((person) => membershipOf(plan, person, day, person.id === donor.id));
}

function membershipOf(
  plan: Insertable<AidPlansTable>,
  person: Person,
  day: SeedDay,
  stays: boolean,
): SeedMembership {
  const key = `${plan.id}/${person.number}`;
  const random = createRandom(`insurance:membership:${key}`);
  const joinedDaysAgo = random.int(1, Math.max(2, Math.min(person.joinedDaysAgo - 2, 900)));
  const joinedAt = day.at(-joinedDaysAgo, random.int(8, 21));
  const left = !stays && plan.funding === 'POST_SHARE' && joinedDaysAgo > 60 && random.chance(0.08);
  const id = seedId('mem', key);
  const payment = (number: number, minor: bigint, askedAt: Date) =>
    seedPayment({
      key: `membership/${key}/${number}`,
      payerId: person.id,
      subject: { membership_id: id },
      minor,
      currency: plan.currency,
      description: '互助计划',
      askedAt,
      paidAt: new Date(askedAt.getTime() + 120_000),
    });
  const payments: SeedPayment[] = [];
  if (plan.funding === 'PREPAID') {
    payments.push(payment(1, BigInt(random.pick([1_000, 3_000, 5_000, 10_000])), joinedAt));
    if (joinedDaysAgo > 40 && random.chance(0.3)) payments.push(payment(2, 3_000n, addDays(joinedAt, 30)));
  }
  return {
    membership: {
      id,
      plan_id: plan.id,
      user_id: person.id,
      state: left ? 'EXITED' : 'JOINED',
      covered_from: addDays(joinedAt, plan.waiting_days),
      idempotency_key: `seed ${person.number}`,
      input_fingerprint: 'seed',
      created_at: joinedAt,
      exited_at: left ? day.at(-random.int(1, 50)) : null,
    },
    payments,
  };
}
