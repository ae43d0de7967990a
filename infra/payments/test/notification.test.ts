import { createHmac } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createHttpPaymentProvider } from '../src/payments.ts';
import { merchant, secret } from './world.ts';

const provider = createHttpPaymentProvider({ url: 'http://127.0.0.1:9', merchant, secret });
afterAll(() => provider.close());

const now = new Date('2026-09-01T12:00:00Z');
const body = JSON.stringify({
  eventId: 'evt_1',
  type: 'order.paid',
  occurredAt: '2026-08-30T12:00:00.000Z',
  data: {
    orderId: 'ord_1',
    merchantOrder: 'cmp_1',
    paymentId: 'pay_1',
    amount: { minor: '1000', currency: 'CNY' },
  },
});

function signed(text: string, { ageSeconds = 0, key = secret } = {}) {
  const timestamp = String(now.getTime() / 1_000 - ageSeconds);
  const signature = createHmac('sha256', key).update(`${timestamp}.${text}`).digest('base64url');
  return { 'banyan-payment-timestamp': timestamp, 'banyan-payment-signature': `v1=${signature}` };
}

const verify = (headers: Record<string, string>, text = body) =>
  provider.verifyNotification(headers, Buffer.from(text), now);

test('what the provider signed is read, however long ago it happened', () => {
  expect(verify(signed(body))).toEqual({
    type: 'order.paid',
    eventId: 'evt_1',
    key: 'cmp_1',
    orderId: 'ord_1',
    payment: {
      paymentId: 'pay_1',
      amount: { minor: 1_000n, currency: 'CNY' },
      capturedAt: new Date('2026-08-30T12:00:00Z'),
    },
  });
});

test('a kind that is new to us is told apart, not refused', () => {
  const text = JSON.stringify({
    eventId: 'evt_2',
    type: 'order.blessed',
    occurredAt: now.toISOString(),
    data: {},
  });
  expect(verify(signed(text), text)).toEqual({ type: 'other', eventId: 'evt_2', name: 'order.blessed' });
});

test('one changed byte is refused', () => {
  expect(() => verify(signed(body), body.replace('"1000"', '"9000"'))).toThrow('WRONG_SIGNATURE');
  expect(() => verify(signed(body), `${body} `)).toThrow('WRONG_SIGNATURE');
});

test('a signature by another secret, cut short, or of another timestamp is refused', () => {
  const headers = signed(body);
  expect(() => verify(signed(body, { key: 'another-merchant' }))).toThrow('WRONG_SIGNATURE');
  expect(() => verify({ ...headers, 'banyan-payment-signature': 'v1=' })).toThrow('WRONG_SIGNATURE');
  expect(() => verify({ ...headers, 'banyan-payment-timestamp': '1' })).toThrow('WRONG_SIGNATURE');
});

test('without a signature it is refused', () => {
  expect(() => verify({})).toThrow('NOT_SIGNED');
  expect(() => verify({ 'banyan-payment-timestamp': '1' })).toThrow('NOT_SIGNED');
});

test('an old one is refused: it may be a replay', () => {
  expect(verify(signed(body, { ageSeconds: 299 }))).toMatchObject({ eventId: 'evt_1' });
  expect(() => verify(signed(body, { ageSeconds: 301 }))).toThrow('TOO_OLD');
  expect(() => verify(signed(body, { ageSeconds: -301 }))).toThrow('TOO_OLD');
});

test.each([
  '',
  'not json',
  '{}',
  '{"eventId":"e","type":"order.paid","occurredAt":"2026-09-01T12:00:00Z","data":{}}',
])('signed nonsense (%j) is refused as unreadable', (text) => {
  expect(() => verify(signed(text), text)).toThrow('UNREADABLE');
});
