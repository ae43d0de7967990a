import { createListLoader, createLoader, createPageLoader } from '@banyan/kit/graphql';
import DataLoader from 'dataloader';
import type { Kysely } from 'kysely';
import { findBalances } from './db/aid-entries.ts';
import { findJoinedCovers, findMemberships, findMembershipsOf } from './db/aid-memberships.ts';
import { findAidPlans, findAllAidPlans, findMemberCounts } from './db/aid-plans.ts';
import type { Database } from './db/database.ts';
import { findOfferFacts, findSupporters } from './db/offer-facts.ts';
import { findCheckoutsOfMemberships, findCheckoutsOfPolicies, findPayments } from './db/payments.ts';
import {
  findActiveCovers,
  findPolicies,
  findPoliciesByNumber,
  pagesOfPolicies,
  type PolicyPageRequest,
  type PolicyRow,
} from './db/policies.ts';
import {
  findDocuments,
  findNewestProducts,
  findProductDocuments,
  findProducts,
  findProductVersions,
  type ProductRow,
} from './db/products.ts';
import { findQuotes } from './db/quotes.ts';
import { addDays } from './domain/cover-dates.ts';
import { planKey, productKey, supportDays, type Offering } from './domain/offers.ts';
import type { Cover } from './domain/words.ts';

/** Something that protects a person now, by the key under which it would be offered. */
export interface Holding {
  readonly userId: string;
  readonly kind: 'policy' | 'plan';
  readonly key: string;
  readonly cover: Cover;
}

/** One loader for each access path; made for one operation. */
export function createLoaders(db: Kysely<Database>, now: () => Date) {
  return {
    product: createLoader(
      (ids) => findProducts(db, ids),
      (product) => product.id,
    ),
    productVersion: createVersionLoader(db),
    productDocuments: createListLoader(
      (productIds) => findProductDocuments(db, productIds),
      (document) => document.product_id,
    ),
    document: createLoader(
      (hashes) => findDocuments(db, hashes),
      (document) => document.sha256,
    ),
    quote: createLoader(
      (ids) => findQuotes(db, ids),
      (quote) => quote.id,
    ),
    ...createPolicyLoaders(db, now),
    ...createAidLoaders(db, now),
    ...createOfferLoaders(db, now),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

function createVersionLoader(db: Kysely<Database>) {
  type Key = { code: string; version: number | null };
  return new DataLoader<Key, ProductRow | null, string>(
    async (keys) => {
      const rows = await findProductVersions(db, keys);
      return keys.map(({ code, version }) => {
        const ofCode = rows.filter((row) => row.code === code);
        // Beside an older version that somebody else asked for, the newest is the highest.
        if (version === null) return ofCode.toSorted((a, b) => b.version - a.version)[0] ?? null;
        return ofCode.find((row) => row.version === version) ?? null;
      });
    },
    { cacheKeyFn: ({ code, version }) => `${code} ${version ?? 'newest'}`, maxBatchSize: 500 },
  );
}

function createPolicyLoaders(db: Kysely<Database>, now: () => Date) {
  return {
    policy: createLoader(
      (ids) => findPolicies(db, ids),
      (policy) => policy.id,
    ),
    policyByNumber: createLoader(
      (numbers) => findPoliciesByNumber(db, numbers),
      (policy) => policy.number,
    ),
    policyPage: createPageLoader<PolicyRow, PolicyPageRequest>((requests) =>
      pagesOfPolicies(db, requests, now()),
    ),
    policyCheckout: createLoader(
      (policyIds) => findCheckoutsOfPolicies(db, policyIds, now()),
      (payment) => payment.policy_id ?? '',
    ),
    payment: createLoader(
      (ids) => findPayments(db, ids),
      (payment) => payment.id,
    ),
  };
}

function createAidLoaders(db: Kysely<Database>, now: () => Date) {
  return {
    plan: createLoader(
      (ids) => findAidPlans(db, ids),
      (plan) => plan.id,
    ),
    memberCount: createLoader(
      (planIds) => findMemberCounts(db, planIds),
      (count) => count.plan_id,
    ),
    membership: createLoader(
      (ids) => findMemberships(db, ids),
      (membership) => membership.id,
    ),
    membershipsOf: createListLoader(
      (userIds) => findMembershipsOf(db, userIds),
      (membership) => membership.user_id,
    ),
    balance: createLoader(
      (membershipIds) => findBalances(db, membershipIds),
      (balance) => balance.membership_id,
    ),
    membershipCheckout: createLoader(
      (membershipIds) => findCheckoutsOfMemberships(db, membershipIds, now()),
      (payment) => payment.membership_id ?? '',
    ),
  };
}

function createOfferLoaders(db: Kysely<Database>, now: () => Date) {
  const pairKey = ({ userId, campaignId }: { userId: string; campaignId: string }) =>
    `${userId} ${campaignId}`;
  return {
    offerFacts: createLoader(
      (userIds) => findOfferFacts(db, userIds, now()),
      (facts) => facts.user_id,
    ),
    /** Whether a person gave to a campaign, lately enough. */
    supporter: new DataLoader<{ userId: string; campaignId: string }, boolean, string>(
      async (pairs) => {
        const rows = await findSupporters(db, pairs, addDays(now(), -supportDays));
        const found = new Set(
          rows.map((row) => pairKey({ userId: row.user_id, campaignId: row.campaign_id })),
        );
        return pairs.map((pair) => found.has(pairKey(pair)));
      },
      { cacheKeyFn: pairKey, maxBatchSize: 1_000 },
    ),
    /** All that there is to offer: one key, `all`. */
    offerings: new DataLoader<'all', readonly Offering[]>(async (keys) => {
      const [plans, products] = await Promise.all([findAllAidPlans(db), findNewestProducts(db)]);
      const offerings: Offering[] = [
        ...plans
          .filter((plan) => plan.state === 'OPEN')
          .map((plan) => ({ kind: 'plan' as const, key: planKey(plan), plan })),
        ...products.map((product) => ({ kind: 'product' as const, key: productKey(product), product })),
      ];
      return keys.map(() => offerings);
    }),
    holdings: createListLoader(
      (userIds) => findHoldings(db, userIds, now()),
      (holding) => holding.userId,
    ),
  };
}

async function findHoldings(db: Kysely<Database>, userIds: readonly string[], now: Date): Promise<Holding[]> {
  const [policies, plans] = await Promise.all([
    findActiveCovers(db, userIds, now),
    findJoinedCovers(db, userIds),
  ]);
  return [
    ...policies.map(({ owner_id, code, cover }) => ({
      userId: owner_id,
      kind: 'policy' as const,
      key: productKey({ code }),
      cover,
    })),
    ...plans.map(({ user_id, plan_id, cover }) => ({
      userId: user_id,
      kind: 'plan' as const,
      key: planKey({ id: plan_id }),
      cover,
    })),
  ];
}
