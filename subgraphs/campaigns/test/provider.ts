import { createHmac, randomUUID } from 'node:crypto';
import { secret as ownSecret } from './support.ts';

/** A notification as the provider signs it; gives the subgraph's answer. */
export function notifyAsProvider(
  url: string,
  data: Record<string, unknown>,
  { secret = ownSecret, type = 'order.paid', nowMs = Date.now() } = {},
): Promise<Response> {
  const occurredAt = new Date(nowMs).toISOString();
  const body = JSON.stringify({ eventId: randomUUID(), type, occurredAt, data });
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64url');
  return fetch(`${url}/payments/notifications`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'banyan-payment-timestamp': timestamp,
      'banyan-payment-signature': `v1=${signature}`,
    },
    body,
  });
}
