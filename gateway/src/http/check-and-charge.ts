import type { IncomingMessage } from 'node:http';
import { anonymous, type Caller } from '@banyan/kit/hop';
import { RequestRefused } from '../errors.ts';
import type { CheckedOperation, CheckedRequest } from '../limits/check-request.ts';
import type { Charge, Quotas } from '../quotas/quotas.ts';
import type { Exchange } from './exchange.ts';

/** Checks a request against the limits and charges it to its caller. */
export type CheckAndCharge = (
  request: IncomingMessage,
  exchange: Exchange,
  caller: Caller,
  operation: CheckedRequest,
) => { checked: CheckedOperation | null; charge: Charge };

function chargeOnce(
  quotas: Quotas,
  request: IncomingMessage,
  exchange: Exchange,
  checked: CheckedOperation | null,
): Charge {
  exchange.isCharged = true;
  const charge = quotas.charge(request, exchange.caller ?? anonymous, checked);
  exchange.headers = { ...exchange.headers, ...charge.headers };
  return charge;
}

/** What the limits refuse is charged as a request too: to be refused costs the edge something. */
export function createCheckAndCharge(
  check: (operation: CheckedRequest) => CheckedOperation | null,
  quotas: Quotas,
): CheckAndCharge {
  return (request, exchange, caller, operation) => {
    exchange.caller = caller;
    const checked = check(operation);
    const charge = chargeOnce(quotas, request, exchange, checked);
    // Not before: what was told to wait is not known for that.
    checked?.novelty?.note();
    return { checked, charge };
  };
}

/**
 * Charges a request that was refused before it was charged: to its caller, or to its address where it is not known who asks.
 * @returns what to refuse it with, which is 429 when there is nothing left to charge.
 */
export function chargeRefused(
  quotas: Quotas,
  request: IncomingMessage,
  exchange: Exchange,
  refusal: RequestRefused,
): RequestRefused {
  if (exchange.isCharged === true) return refusal;
  try {
    chargeOnce(quotas, request, exchange, null);
    return refusal;
  } catch (error) {
    if (error instanceof RequestRefused) return error;
    throw error;
  }
}
