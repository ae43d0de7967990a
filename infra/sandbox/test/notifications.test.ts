import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secret, startSandbox, type TestSandbox } from './client.ts';
import { startMerchantServer } from './merchant-server.ts';

let sandbox: TestSandbox;
let stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  sandbox = await startSandbox();
  stops = [() => sandbox.stop()];
});
afterEach(async () => {
  for (const stop of stops) await stop();
});

async function merchantServer(statuses: number[] = []) {
  const server = await startMerchantServer(statuses);
  stops.push(() => server.stop());
  return server;
}

async function pay(notifyUrl: string, merchantOrder: string, notification: object = {}) {
  const { body } = await sandbox.post('/payments/orders', {
    merchantOrder,
    amount: { minor: '1000', currency: 'CNY' },
    notifyUrl,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  });
  return sandbox.post(`/payments/orders/${body['orderId']}/pay`, { notification });
}

const fault = (input: object) => sandbox.post('/faults', { service: 'payments', ...input });

test('a paid order is told, signed over timestamp and raw body', async () => {
  const server = await merchantServer();
  await pay(server.url, 'order-1');
  const [received] = await server.untilReceived(1);
  expect(received?.event).toMatchObject({
    type: 'order.paid',
    data: { merchantOrder: 'order-1', amount: { minor: '1000', currency: 'CNY' } },
  });
  const timestamp = String(received?.headers['banyan-payment-timestamp']);
  const expected = createHmac('sha256', secret).update(`${timestamp}.${received?.body}`).digest('base64url');
  expect(received?.headers['banyan-payment-signature']).toBe(`v1=${expected}`);
  expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(10);
});

test('it is told again until it is acknowledged', async () => {
  const server = await merchantServer([500, 503]);
  await pay(server.url, 'order-1');
  const received = await server.untilReceived(3);
  expect(new Set(received.map(({ event }) => event.eventId)).size).toBe(1);
});

test('a refund is told to the endpoint of its order', async () => {
  const server = await merchantServer();
  const { body } = await pay(server.url, 'order-1', { drop: true });
  const refund = { paymentId: body['payment']?.['paymentId'], amount: { minor: '300', currency: 'CNY' } };
  await sandbox.post('/payments/refunds', refund, { 'idempotency-key': 'refund-1' });
  const [received] = await server.untilReceived(1);
  expect(received?.event).toMatchObject({
    type: 'refund.paid',
    data: { merchantKey: 'refund-1', amount: { minor: '300', currency: 'CNY' } },
  });
});

test('it comes twice when a duplicate is ordered', async () => {
  const server = await merchantServer();
  await fault({ kind: 'duplicate', copies: 3 });
  await pay(server.url, 'order-1');
  const received = await server.untilReceived(3);
  expect(new Set(received.map(({ event }) => event.eventId)).size).toBe(1);
});

test('it is overtaken by the next one when a reorder is ordered', async () => {
  const server = await merchantServer();
  await fault({ kind: 'reorder', match: 'order-1' });
  await pay(server.url, 'order-1');
  await pay(server.url, 'order-2');
  const received = await server.untilReceived(2);
  expect(received.map(({ event }) => event.data['merchantOrder'])).toEqual(['order-2', 'order-1']);
});

test('it comes late when that is ordered', async () => {
  const server = await merchantServer();
  await fault({ kind: 'late', delayMs: 50, match: 'order-1' });
  await pay(server.url, 'order-1');
  await pay(server.url, 'order-2');
  const received = await server.untilReceived(2);
  expect(received.map(({ event }) => event.data['merchantOrder'])).toEqual(['order-2', 'order-1']);
});

test('it never comes when a drop is ordered; the order is paid all the same, and can be told again by hand', async () => {
  const server = await merchantServer();
  await fault({ kind: 'drop', match: 'order-1' });
  const { body } = await pay(server.url, 'order-1');
  await pay(server.url, 'order-2');
  await server.untilReceived(1);
  expect((await sandbox.get('/payments/orders?merchantKey=order-1')).body).toMatchObject({ state: 'PAID' });
  await sandbox.post(`/payments/orders/${body['orderId']}/notify`);
  const received = await server.untilReceived(2);
  expect(received.map(({ event }) => event.data['merchantOrder'])).toEqual(['order-2', 'order-1']);
});
