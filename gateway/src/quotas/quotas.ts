import type { IncomingMessage } from 'node:http';
import type { RedisConnection } from '@banyan/kit/cache';
import { anonymous, type Caller } from '@banyan/kit/hop';
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import { RequestRefused } from '../errors.ts';
import type { CheckedOperation } from '../limits/check-request.ts';
import { Account } from './account.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { createPlans, type Plan } from './plans.ts';
import type { QuotaSettings } from './settings.ts';
import { createSettlement, type Settlement } from './settlement.ts';

/** Accounts that are kept here; the one that was not used for longest is forgotten, and Redis knows it still. */
const maxAccounts = 100_000;
/** From here on what an operation asked for and did not use goes back; below it is not worth reckoning. */
const leastCostGivenBack = 50;

/** What a request was charged. */
export interface Charge {
  /** `RateLimit` and `RateLimit-Policy`, for the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Gives back what the answer did not cost; undefined where nothing is to be given back. */
  readonly settleCost: ((actual: number) => void) | undefined;
}

/** Budgets of callers: requests, and points of cost. */
export interface Quotas {
  /**
   * Charges a request to its caller; `null` stands for one that cannot be run.
   * @throws RequestRefused 429 `RATE_LIMITED` when the caller has used up its budget; then nothing is charged.
   */
  charge(request: IncomingMessage, caller: Caller, checked: CheckedOperation | null): Charge;
  /**
   * Charges a request to its address, for what is done before it is known who asks. It is not charged again when it is
   * refused; as soon as somebody else is charged for it, the address gets it back.
   * @throws RequestRefused 429 `RATE_LIMITED` when the address has used up its requests; then nothing is charged.
   */
  chargeAhead(request: IncomingMessage): void;
  close(): Promise<void>;
}

/** Nobody is charged. */
export const noQuotas: Quotas = {
  charge: () => ({ headers: {}, settleCost: undefined }),
  chargeAhead: () => undefined,
  close: () => Promise.resolve(),
};

/** Who is charged: an app or a person wherever they are, a stranger by the address. */
function payerOf(request: IncomingMessage, caller: Caller, trustedProxies: number): string {
  if (caller.app !== undefined) return `app ${caller.app.id}`;
  if (caller.subject !== null) return `person ${caller.subject}`;
  return `address ${networkOf(clientAddress(request, trustedProxies))}`;
}

function chargeOf(account: Account, points: number, settlement: Settlement, now: () => number): Charge {
  const headers = account.headers(now());
  if (points < leastCostGivenBack) return { headers, settleCost: undefined };
  return {
    headers,
    settleCost: (actual) => {
      if (actual >= points) return;
      account.cost.giveBack(points - actual, now());
      settlement.note(account.cost);
    },
  };
}

/**
 * Budgets by caller, counted here and settled with the other gateways through Redis; see `Settlement`. Nobody waits for
 * Redis: what a request may do is known at once.
 */
export function createQuotas(options: {
  settings: QuotaSettings;
  redis: RedisConnection;
  registry: Registry;
}): Quotas {
  const { settings, redis } = options;
  const refusals = new Counter({
    name: 'banyan_edge_quota_refusals_total',
    help: 'Requests that were told to wait because their caller had used up its budget, by whose budget it was.',
    labelNames: ['plan'],
    registers: [options.registry],
  });
  const now = () => performance.now();
  const planFor = createPlans(settings);
  const accounts = new LRUCache<string, Account>({ max: maxAccounts });
  const settlement = createSettlement(redis, now);
  /** Accounts of addresses that were charged for a request before it was known who asks. */
  const chargedAhead = new WeakMap<IncomingMessage, Account>();

  function accountOf(plan: Plan, payer: string): Account {
    const key = `${plan.name} ${payer}`;
    let account = accounts.get(key);
    if (account === undefined) {
      account = new Account(plan, payer, now());
      accounts.set(key, account);
    }
    return account;
  }

  /** The account that was charged ahead for a request, once. */
  function takeChargedAhead(request: IncomingMessage): Account | undefined {
    const account = chargedAhead.get(request);
    chargedAhead.delete(request);
    return account;
  }

  function giveBackRequest({ requests }: Account): void {
    requests.giveBack(1, now());
    settlement.note(requests);
  }

  return {
    charge(request, caller, checked) {
      const plan = planFor(caller, checked);
      const account = accountOf(plan, payerOf(request, caller, settings.trustedProxies));
      const ahead = takeChargedAhead(request);
      if (ahead === account && checked === null) return chargeOf(account, 0, settlement, now);
      if (ahead !== undefined) giveBackRequest(ahead);
      const points = checked?.requestedCost ?? 0;
      try {
        account.charge(points, checked?.novelty?.cost ?? 0, now());
      } catch (error) {
        if (error instanceof RequestRefused) refusals.inc({ plan: plan.name });
        throw error;
      }
      settlement.note(account.requests);
      settlement.note(account.cost);
      return chargeOf(account, points, settlement, now);
    },
    chargeAhead(request) {
      const payer = payerOf(request, anonymous, settings.trustedProxies);
      const account = accountOf(planFor(anonymous, null), payer);
      account.charge(0, 0, now());
      settlement.note(account.requests);
      chargedAhead.set(request, account);
    },
    async close() {
      settlement.close();
      await settlement.settle();
    },
  };
}
