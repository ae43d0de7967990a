import type { z } from 'zod';
import { PaymentRequestRefused, ProviderKeyReused } from './errors.ts';
import { createExchange, unknown, type Answer } from './exchange.ts';
import { readNotification } from './notification.ts';
import type {
  Money,
  OrderStatus,
  PaymentProvider,
  ProviderOrder,
  RefundOutcome,
  Unknown,
} from './provider.ts';
import { captureAnswer, orderAnswer, refundAnswer, type OrderAnswer } from './wire.ts';

export interface HttpPaymentProviderOptions {
  /** Origin of the provider: `http://127.0.0.1:4900`. */
  readonly url: string;
  /** Our account there. */
  readonly merchant: string;
  /** Proves us to the provider and its notifications to us. */
  readonly secret: string;
  /** For one call in all; a call that takes longer has an unknown outcome. */
  readonly timeoutMs?: number;
  readonly name?: string;
}

const defaultTimeoutMs = 5_000;
const refundRefusals = new Set([
  'NOT_FOUND',
  'REFUND_EXCEEDS_PAYMENT',
  'CURRENCY_MISMATCH',
  'REFUND_DECLINED',
]);

/** A payment provider over HTTP; the sandbox documents the protocol. */
export function createHttpPaymentProvider(options: HttpPaymentProviderOptions): PaymentProvider {
  const { url, merchant, secret, timeoutMs = defaultTimeoutMs, name = 'sandbox' } = options;
  const authorization = `Basic ${Buffer.from(`${merchant}:${secret}`).toString('base64')}`;
  const exchange = createExchange(url, authorization, timeoutMs);

  /** What we asked for by key; undefined when the provider has not heard of it. */
  async function query<Schema extends z.ZodType>(kind: string, key: string, schema: Schema) {
    const answer = await exchange.get(`/payments/${kind}?merchantKey=${encodeURIComponent(key)}`);
    if (answer.kind === 'refusal' && answer.code === 'NOT_FOUND') return { outcome: 'absent' as const };
    return read(answer, schema, key);
  }

  return {
    name,
    async capture({ key, amount, description }) {
      const body = { amount: moneyText(amount), description };
      const result = read(await exchange.post('/payments/captures', body, key), captureAnswer, key);
      return result.outcome === 'unknown' ? result : result.value;
    },
    async queryCapture(key) {
      const result = await query('captures', key, captureAnswer);
      return result.outcome === 'read' ? result.value : result;
    },
    async createOrder({ key, amount, expiresAt, ...rest }) {
      const body = {
        merchantOrder: key,
        amount: moneyText(amount),
        expiresAt: expiresAt.toISOString(),
        ...rest,
      };
      const result = read(await exchange.post('/payments/orders', body), orderAnswer, key);
      return result.outcome === 'unknown' ? result : { outcome: 'created', order: orderOf(result.value) };
    },
    async queryOrder(key) {
      const result = await query('orders', key, orderAnswer);
      return result.outcome === 'read' ? orderStatus(result.value) : result;
    },
    async refund({ key, amount, ...rest }): Promise<RefundOutcome> {
      const answer = await exchange.post('/payments/refunds', { amount: moneyText(amount), ...rest }, key);
      if (answer.kind === 'refusal' && refundRefusals.has(answer.code)) {
        return { outcome: 'refused', reason: answer.code };
      }
      const result = read(answer, refundAnswer, key);
      return result.outcome === 'unknown' ? result : { outcome: 'refunded', refund: result.value };
    },
    async queryRefund(key) {
      const result = await query('refunds', key, refundAnswer);
      return result.outcome === 'read' ? { outcome: 'refunded', refund: result.value } : result;
    },
    verifyNotification: (headers, rawBody, now = new Date()) =>
      readNotification(secret, headers, rawBody, now),
    close: () => exchange.close(),
  };
}

function read<Schema extends z.ZodType>(
  answer: Answer,
  schema: Schema,
  key: string,
): { readonly outcome: 'read'; readonly value: z.infer<Schema> } | Unknown {
  switch (answer.kind) {
    case 'success': {
      const parsed = schema.safeParse(answer.json);
      return parsed.success ? { outcome: 'read', value: parsed.data } : unknown('unreadable_answer').unknown;
    }
    case 'unknown':
      return answer.unknown;
    case 'refusal':
      if (answer.code === 'IDEMPOTENCY_KEY_REUSED') throw new ProviderKeyReused(key);
      throw new PaymentRequestRefused(answer.status, answer.code, answer.message);
    default:
      return answer satisfies never;
  }
}

function moneyText({ minor, currency }: Money) {
  return { minor: minor.toString(), currency };
}

function orderOf({ orderId, checkoutUrl, expiresAt }: OrderAnswer): ProviderOrder {
  return { orderId, checkoutUrl, expiresAt };
}

function orderStatus(answer: OrderAnswer): OrderStatus {
  const order = orderOf(answer);
  if (answer.payment) return { outcome: 'paid', order, payment: answer.payment };
  return { outcome: answer.state === 'EXPIRED' ? 'expired' : 'open', order };
}
