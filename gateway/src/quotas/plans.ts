import type { Caller } from '@banyan/kit/hop';
import type { CheckedOperation } from '../limits/check-request.ts';
import { policyOf, type Policy } from './policy.ts';
import type { QuotaSettings, Rates } from './settings.ts';

/** The policies under which a request goes. */
export interface Plan {
  readonly name: 'stranger' | 'person' | 'app' | 'gift';
  readonly requests: Policy;
  readonly cost: Policy;
  /** `RateLimit-Policy` */
  readonly header: string;
}

function planOf(name: Plan['name'], { requestsPerMinute, costPerMinute }: Rates, prefix = ''): Plan {
  const requests = policyOf(`${prefix}requests`, requestsPerMinute);
  const cost = policyOf(`${prefix}cost`, costPerMinute, 'points');
  return { name, requests, cost, header: `${requests.header}, ${cost.header}` };
}

function isGift({ operation }: CheckedOperation, giftFields: ReadonlySet<string>): boolean {
  return operation.rootFields.length > 0 && operation.rootFields.every((name) => giftFields.has(name));
}

/**
 * Which plan a request goes under. Gifts have one of their own, far above what anybody gives: a donor is never told to wait
 * because of what was read before, by the same person or by others behind the same address.
 */
export function createPlans(
  settings: QuotaSettings,
): (caller: Caller, checked: CheckedOperation | null) => Plan {
  const stranger = planOf('stranger', settings.stranger);
  const person = planOf('person', settings.person);
  const app = planOf('app', settings.app);
  const gift = planOf('gift', settings.gift, 'gift-');
  const ofApps = new Map([...settings.apps].map(([id, rates]) => [id, planOf('app', rates)]));
  return (caller, checked) => {
    if (checked !== null && isGift(checked, settings.giftFields)) return gift;
    if (caller.app !== undefined) return ofApps.get(caller.app.id) ?? app;
    return caller.subject === null ? stranger : person;
  };
}
