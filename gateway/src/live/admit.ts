import type { IncomingMessage } from 'node:http';
import { contractOf } from '../contracts/contract-of.ts';
import { badRequest } from '../errors.ts';
import type { CheckAndCharge } from '../http/check-and-charge.ts';
import type { Exchange } from '../http/exchange.ts';
import type { GraphqlRequest, ReceivedRequest } from '../http/read-request.ts';
import type { FindDocument } from '../operations/find-document.ts';
import type { LiveCaller, LiveOperation } from './live-operation.ts';

/** Lets a subscription in: the same documents, limits and budgets as for any operation. */
export type Admit = (
  request: IncomingMessage,
  exchange: Exchange,
  received: ReceivedRequest,
  who: LiveCaller,
) => Promise<LiveOperation>;

export function createAdmit(options: {
  findDocument: FindDocument;
  checkAndCharge: CheckAndCharge;
  operationOf(request: GraphqlRequest, who: LiveCaller): LiveOperation;
}): Admit {
  return async (request, exchange, { documentId, ...received }, who) => {
    const found = await options.findDocument({ query: received.query, documentId }, contractOf(who.caller));
    const operation = { ...received, query: found.query };
    const { checked } = options.checkAndCharge(request, exchange, who.caller, operation);
    if (checked === null) return options.operationOf(operation, who);
    if (checked.operation.type !== 'subscription')
      throw badRequest('Only subscriptions are live; send queries and mutations by POST to /graphql.');
    found.tellUnknown?.(checked.operation.name);
    const live = options.operationOf(operation, who);
    if (found.remember !== null) {
      // Only what is valid is remembered.
      live.plan();
      found.remember();
    }
    return live;
  };
}
