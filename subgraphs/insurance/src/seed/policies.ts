import { insertMany } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { createRandom, people, personas, seedId, type Person, type Random, type SeedDay } from '@banyan/seed';
import type { Insertable, Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import type { PoliciesTable } from '../db/policies.ts';
import type { QuotesTable } from '../db/quotes.ts';
import { addDays, coverDates } from '../domain/cover-dates.ts';
import { coversRegion } from '../domain/regions.ts';
import { premiumOf } from '../domain/underwriting.ts';
import { harmlessAnswer, questionsOf } from './catalogue.ts';
import { seedPayment, type SeedPayment } from './payments.ts';
import { coolingOffDays, quoteDays, seedProducts, type SeedProduct } from './products.ts';

const policyCount = 400;
/** All cooling-off is over: the provider knows nothing of these payments and could not pay them back. */
const leastDaysAgo = 20;

interface SeedPolicy {
  readonly quote: Insertable<QuotesTable>;
  readonly policy: Insertable<PoliciesTable>;
  readonly payment: SeedPayment;
  readonly product: SeedProduct;
}

/** Policies of all ages of the cast; of a few the premium was never paid. */
export async function loadPolicies(trx: Transaction<Database>, day: SeedDay): Promise<void> {
  const policies = Array.from({ length: policyCount }, (_, index) => createPolicy(index + 1, day));
  const of = <Item>(pick: (each: SeedPolicy) => Item) => policies.map(pick);
  await insertMany(
    trx,
    'quotes',
    of(({ quote }) => quote),
  );
  await insertMany(
    trx,
    'quote_answers',
    of(({ quote, product }) => ({ quote_id: quote.id, answers: JSON.stringify(answersOf(product)) })),
  );
  await insertMany(
    trx,
    'policies',
    of(({ policy }) => policy),
  );
  await insertMany(
    trx,
    'payments',
    of(({ payment }) => payment.payment),
  );
  await insertMany(
    trx,
    'payment_facts',
    policies.flatMap(({ payment }) => payment.facts),
  );
  await appendEvents(
    trx,
    policies
      .filter(({ policy }) => policy.state === 'ACTIVE')
      .map(({ policy, product }) => ({
        type: 'policy.activated',
        subject: policy.id,
        payload: { userId: policy.owner_id, policyId: policy.id, productCode: product.row.code },
      })),
  );
}

function answersOf({ row }: SeedProduct) {
  return questionsOf[row.cover].map((question) => ({ key: question.key, value: harmlessAnswer(question) }));
}

/** Number 1 is the donor's, who thereby has told her year of birth and region. */
function createPolicy(number: number, day: SeedDay): SeedPolicy {
  const random = createRandom(`insurance:policy:${number}`);
  const isDonors = number === 1;
  const person = isDonors ? (people[personas.donor.number - 1] as Person) : random.pick(people);
  const suitable = seedProducts.filter((product) => suits(product, person, day));
  const donors = seedProducts.find(({ row }) => row.code === 'SOUTHWIND-ACCIDENT');
  const product = isDonors && donors ? donors : random.pick(suitable);
  const paid = isDonors || random.chance(0.96);
  const askedDaysAgo = isDonors ? 40 : daysAgo(person, random);
  return policyOf(number, person, product, { day, paid, askedDaysAgo, random });
}

function suits({ row, rates }: SeedProduct, person: Person, day: SeedDay): boolean {
  const age = day.year - person.birthYear;
  // A year or two ago, when it was bought, the age was in range as well.
  const inRange = age - 2 >= row.ages[0] && age <= row.ages[1];
  return inRange && coversRegion(row.regions, person.regionCode) && rates.length > 0;
}

function daysAgo({ joinedDaysAgo }: Person, random: Random): number {
  return random.int(leastDaysAgo, Math.max(leastDaysAgo + 5, Math.min(joinedDaysAgo - 2, 600)));
}

function policyOf(
  number: number,
  person: Person,
  product: SeedProduct,
  facts: { day: SeedDay; paid: boolean; askedDaysAgo: number; random: Random },
): SeedPolicy {
  const { day, paid, askedDaysAgo, random } = facts;
  const askedAt = day.at(-askedDaysAgo, random.int(8, 21));
  const paidAt = paid ? new Date(askedAt.getTime() + random.int(1, 30) * 60_000) : null;
  const id = seedId('pol', number);
  const common = {
    owner_id: person.id,
    holder_reference: person.id,
    product_id: product.id,
    birth_year: person.birthYear,
    region_code: person.regionCode,
    premium_minor: premium(product, person, day),
    currency: product.currency,
    idempotency_key: `seed ${number}`,
    input_fingerprint: 'seed',
    created_at: askedAt,
  };
  const quote: Insertable<QuotesTable> = {
    ...common,
    id: seedId('quo', number),
    product_code: product.row.code,
    state: 'BOUND',
    decline_reasons: '[]',
    expires_at: addDays(askedAt, quoteDays),
  };
  const policy: Insertable<PoliciesTable> = {
    ...common,
    id,
    number: `BY${askedAt.getUTCFullYear()}${String(number).padStart(10, '0')}`,
    quote_id: quote.id,
    state: paid ? 'ACTIVE' : 'LAPSED',
    ...coverDates(paidAt ?? askedAt, coolingOffDays),
    cancel_reason: null,
    cancel_key: null,
    cancel_fingerprint: null,
  };
  const payment = seedPayment({
    key: `policy/${number}`,
    payerId: person.id,
    subject: { policy_id: id },
    minor: common.premium_minor,
    currency: product.currency,
    description: product.row.name.zh,
    askedAt,
    paidAt,
  });
  return { quote, policy, payment, product };
}

function premium({ rates }: SeedProduct, person: Person, day: SeedDay): bigint {
  const applicant = { age: day.year - person.birthYear, regionCode: person.regionCode, answers: [] };
  const minor = premiumOf(rates, applicant);
  if (minor === null) throw new Error('a product of the seed without a rate');
  return minor;
}
