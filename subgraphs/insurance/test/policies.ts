import type { UserErrors } from '@banyan/kit/testing';
import type { InsuranceUnderTest } from './support.ts';

export interface QuoteData {
  quote: {
    id: string;
    state: string;
    premium: { minor: string; currency: string };
    declineReasons: string[];
    expiresAt: string;
    product: { id: string; version: number; documents: { sha256: string }[] };
  } | null;
}
export interface PolicyData {
  policy: {
    id: string;
    number: string;
    state: string;
    startsAt: string;
    endsAt: string;
    coolingOffUntil: string;
    checkout: { url: string; provider: string; expiresAt: string } | null;
    policyHolder: { reference: string; ageBand: string; regionCode: string };
  } | null;
}

const quoteFields =
  'id state premium { minor currency } declineReasons expiresAt product { id version documents { sha256 } }';
export const createQuoteMutation = /* GraphQL */ `
  mutation ($input: CreateQuoteInput!) {
    createQuote(input: $input) {
      quote { ${quoteFields} }
      userErrors { code field message }
    }
  }
`;

const policyFields = /* GraphQL */ `
  id
  number
  state
  startsAt
  endsAt
  coolingOffUntil
  checkout {
    url
    provider
    expiresAt
  }
  policyHolder {
    reference
    ageBand
    regionCode
  }
`;

export const policyQuery = /* GraphQL */ `
  query ($id: ID, $number: String) {
    policy(id: $id, number: $number) { ${policyFields} }
  }
`;

/** An answer to every question of SOUTHWIND-ACCIDENT. */
const retired = [{ key: 'work', value: '退休 retired' }];

/** A quote for SOUTHWIND-ACCIDENT, unless told otherwise. */
export function askQuote(
  insurance: InsuranceUnderTest,
  person: { id: string },
  change: Record<string, unknown> = {},
): Promise<QuoteData & UserErrors> {
  const input = {
    productCode: 'SOUTHWIND-ACCIDENT',
    holderReference: person.id,
    birthYear: 1956,
    regionCode: 'CN-SC',
    answers: retired,
    idempotencyKey: 'quote-1',
    ...change,
  };
  return insurance.act<QuoteData>('createQuote', input, person, `quote { ${quoteFields} }`);
}

export async function openQuote(insurance: InsuranceUnderTest, person: { id: string }, change = {}) {
  const { quote, userErrors } = await askQuote(insurance, person, change);
  if (quote === null) throw new Error(JSON.stringify(userErrors));
  return quote;
}

export function bind(
  insurance: InsuranceUnderTest,
  person: { id: string },
  quote: NonNullable<QuoteData['quote']>,
  change: Record<string, unknown> = {},
): Promise<PolicyData & UserErrors> {
  const input = {
    quoteId: quote.id,
    acceptedDocumentSha256: quote.product.documents.map(({ sha256 }) => sha256),
    idempotencyKey: 'bind-1',
    ...change,
  };
  return insurance.act<PolicyData>('bindPolicy', input, person, `policy { ${policyFields} }`);
}

/** A policy that waits for its premium, and where to pay it. */
export async function boundPolicy(insurance: InsuranceUnderTest, person: { id: string }) {
  const { policy, userErrors } = await bind(insurance, person, await openQuote(insurance, person));
  if (policy?.checkout == null) throw new Error(JSON.stringify(userErrors));
  return { ...policy, checkoutUrl: policy.checkout.url };
}

export async function readPolicy(insurance: InsuranceUnderTest, person: { id: string }, id: string) {
  const answer = await insurance.ask<PolicyData>(policyQuery, { id }, person);
  if (answer.data.policy === null) throw new Error('no such policy');
  return answer.data.policy;
}

export function cancel(
  insurance: InsuranceUnderTest,
  person: { id: string },
  policyId: string,
  change: Record<string, unknown> = {},
): Promise<PolicyData & UserErrors> {
  const input = { policyId, reason: 'Thought better of it', idempotencyKey: 'cancel-1', ...change };
  return insurance.act<PolicyData>('cancelPolicy', input, person, `policy { ${policyFields} }`);
}

/** Facts of a policy's payment, in the order in which they were written. */
export async function factsOf({ db }: InsuranceUnderTest, policyId: string) {
  const rows = await db
    .selectFrom('payment_facts')
    .innerJoin('payments', 'payments.id', 'payment_facts.payment_id')
    .select(['payment_facts.kind', 'payment_facts.minor'])
    .where('payments.policy_id', '=', policyId)
    .orderBy('recorded_at')
    .execute();
  return rows.map(({ kind, minor }) => `${kind} ${minor}`);
}
