import type { IncomingMessage } from 'node:http';
import type { Caller } from '@banyan/kit/hop';
import type { CheckedOperation, CheckedRequest } from '../limits/check-document.ts';
import type { Charge, Quotas } from '../quotas/quotas.ts';
import type { Exchange } from './exchange.ts';

/** Checks a request against the limits and charges it to its caller. */
export type CheckAndCharge = (
  request: IncomingMessage,
  exchange: Exchange,
  caller: Caller,
  operation: CheckedRequest,
) => { checked: CheckedOperation | null; charge: Charge };

/** What the limits refuse is charged as a request too: to be refused costs the edge something. */
export function createCheckAndCharge(
  check: (operation: CheckedRequest) => CheckedOperation | null,
  quotas: Quotas,
): CheckAndCharge {
  return (request, exchange, caller, operation) => {
    const chargeFor = (checked: CheckedOperation | null) => {
      const charge = quotas.charge(request, caller, checked);
      exchange.headers = { ...exchange.headers, ...charge.headers };
      return charge;
    };
    let checked: CheckedOperation | null;
    try {
      checked = check(operation);
    } catch (error) {
      chargeFor(null);
      throw error;
    }
    return { checked, charge: chargeFor(checked) };
  };
}
