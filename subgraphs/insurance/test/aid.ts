import { castId } from '@banyan/seed';
import type { InsuranceUnderTest } from './support.ts';

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

const membership =
  'membership { id state coveredFrom balance { minor currency } checkout { url } plan { id memberCount } }';

export function yuan(minor: number, currency = 'CNY') {
  return { minor: String(minor), currency };
}

export function join(insurance: InsuranceUnderTest, person: { id: string }, input: object = {}) {
  const wanted = {
    planId: prepaidPlan,
    healthDeclared: true,
    amount: yuan(3_000),
    idempotencyKey: 'join-1',
    ...input,
  };
  return insurance.act<MembershipData>('joinMutualAid', wanted, person, membership);
}
export function topUp(
  insurance: InsuranceUnderTest,
  person: { id: string },
  membershipId: string,
  input: object = {},
) {
  const wanted = { membershipId, amount: yuan(2_000), idempotencyKey: 'top-up-1', ...input };
  return insurance.act<MembershipData>('topUpMutualAid', wanted, person, membership);
}
export function leave(insurance: InsuranceUnderTest, person: { id: string }, membershipId: string) {
  return insurance.act<MembershipData>('leaveMutualAid', { membershipId }, person, membership);
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
  const { membership: first } = await join(insurance, person);
  if (first?.checkout == null) throw new Error('nothing to pay');
  await insurance.payAndTell(first.checkout.url);
  return first;
}
