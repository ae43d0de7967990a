import { castId } from '@banyan/seed';
import type { InsuranceUnderTest, UserErrors } from './support.ts';

/** PREPAID, 45 to 80, in CNY from 10 yuan. */
export const prepaidPlan = castId('plan', 1);
/** POST_SHARE, for everybody. */
export const sharedPlan = castId('plan', 3);

export interface Membership {
  id: string;
  state: string;
  coveredFrom: string;
  balance: { minor: string; currency: string };
  checkout: { url: string } | null;
  plan: { id: string; memberCount: string };
}
export interface MembershipData {
  membership: Membership | null;
}

const fields = /* GraphQL */ `
  membership {
    id state coveredFrom balance { minor currency } checkout { url } plan { id memberCount }
  }
  userErrors { code field message }
`;
const mutations = {
  joinMutualAid: `mutation ($input: JoinMutualAidInput!) { joinMutualAid(input: $input) { ${fields} } }`,
  topUpMutualAid: `mutation ($input: TopUpMutualAidInput!) { topUpMutualAid(input: $input) { ${fields} } }`,
  leaveMutualAid: `mutation ($input: LeaveMutualAidInput!) { leaveMutualAid(input: $input) { ${fields} } }`,
};

async function change(
  insurance: InsuranceUnderTest,
  name: keyof typeof mutations,
  person: { id: string },
  input: object,
): Promise<MembershipData & UserErrors> {
  const answer = await insurance.ask<Record<string, MembershipData & UserErrors>>(
    mutations[name],
    { input },
    person,
  );
  const payload = answer.data?.[name];
  if (answer.errors || payload === undefined) throw new Error(JSON.stringify(answer));
  return payload;
}

export function yuan(minor: number, currency = 'CNY') {
  return { minor: String(minor), currency };
}

export function join(insurance: InsuranceUnderTest, person: { id: string }, input: object = {}) {
  return change(insurance, 'joinMutualAid', person, {
    planId: prepaidPlan,
    healthDeclared: true,
    amount: yuan(3_000),
    idempotencyKey: 'join-1',
    ...input,
  });
}
export function topUp(
  insurance: InsuranceUnderTest,
  person: { id: string },
  membershipId: string,
  input: object = {},
) {
  return change(insurance, 'topUpMutualAid', person, {
    membershipId,
    amount: yuan(2_000),
    idempotencyKey: 'top-up-1',
    ...input,
  });
}
export function leave(insurance: InsuranceUnderTest, person: { id: string }, membershipId: string) {
  return change(insurance, 'leaveMutualAid', person, { membershipId });
}

/** Somebody's memberships, as she sees them. */
export async function membershipsOf(insurance: InsuranceUnderTest, person: { id: string }) {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        ... on Viewer {
          aidMemberships {
            id
            state
            coveredFrom
            balance {
              minor
              currency
            }
            checkout {
              url
            }
            plan {
              id
              memberCount
            }
          }
        }
      }
    }
  `;
  const { data } = await insurance.ask<{ _entities: { aidMemberships: Membership[] }[] }>(
    query,
    { r: [{ __typename: 'Viewer', id: person.id }] },
    person,
  );
  return data._entities[0]?.aidMemberships ?? [];
}

/** A paid membership of the PREPAID plan. */
export async function joined(insurance: InsuranceUnderTest, person: { id: string }) {
  const { membership } = await join(insurance, person);
  if (membership?.checkout == null) throw new Error('nothing to pay');
  await insurance.payAndTell(membership.checkout.url);
  return membership;
}
