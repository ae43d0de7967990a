import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createHttpPaymentProvider,
  PaymentRequestRefused,
  providerKey,
  ProviderKeyReused,
} from '../src/payments.ts';
import { merchant, startWorld, yuan } from './world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld({ timeoutMs: 500 });
});
afterEach(async () => {
  await world.stop();
});

const key = providerKey('cmp', 'int_1');

test('money is captured, and the book has it', async () => {
  const captured = await world.provider.capture({ key, amount: yuan(1_000n) });
  expect(captured).toMatchObject({ outcome: 'captured', payment: { amount: yuan(1_000n) } });
  expect(await world.book()).toMatchObject([
    { kind: 'PAYMENT', merchantKey: key, amount: { minor: '1000' } },
  ]);
});

test('the same key is captured once, however many ask at the same time', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => world.provider.capture({ key, amount: yuan(1_000n) })),
  );
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  expect(await world.book()).toHaveLength(1);
});

test('the same key with another amount is a bug, and says so', async () => {
  await world.provider.capture({ key, amount: yuan(1_000n) });
  await expect(world.provider.capture({ key, amount: yuan(1_001n) })).rejects.toThrow(ProviderKeyReused);
});

test('a payer who cannot pay is an outcome', async () => {
  await world.fault({ operation: 'capture', kind: 'decline' });
  const declined = await world.provider.capture({ key, amount: yuan(1_000n) });
  expect(declined).toMatchObject({ outcome: 'declined' });
  expect(await world.provider.queryCapture(key)).toEqual(declined);
});

test('an answer that is lost after the money moved is unknown; asking finds it, and a second try changes nothing', async () => {
  await world.fault({ operation: 'capture', kind: 'timeout_after_effect' });
  expect(await world.provider.capture({ key, amount: yuan(1_000n) })).toEqual({
    outcome: 'unknown',
    reason: 'timeout',
  });
  const found = await world.provider.queryCapture(key);
  expect(found).toMatchObject({ outcome: 'captured' });
  expect(await world.provider.capture({ key, amount: yuan(1_000n) })).toEqual(found);
  expect(await world.book()).toHaveLength(1);
});

test('an error at the provider is unknown, never failed; asking says that nothing is there', async () => {
  await world.fault({ operation: 'capture', kind: 'fail', status: 500 });
  expect(await world.provider.capture({ key, amount: yuan(1_000n) })).toEqual({
    outcome: 'unknown',
    reason: 'provider_error',
  });
  expect(await world.provider.queryCapture(key)).toEqual({ outcome: 'absent' });
});

test('a provider that is not there is unknown', async () => {
  const nobody = createHttpPaymentProvider({ url: 'http://127.0.0.1:9', merchant, secret: 'x' });
  expect(await nobody.capture({ key, amount: yuan(1_000n) })).toEqual({
    outcome: 'unknown',
    reason: 'connection',
  });
  await nobody.close();
});

test('wrong credentials and impossible amounts are refused for certain', async () => {
  const stranger = createHttpPaymentProvider({ url: world.url, merchant, secret: 'guessed' });
  await expect(stranger.capture({ key, amount: yuan(1n) })).rejects.toThrow(PaymentRequestRefused);
  await expect(world.provider.capture({ key, amount: yuan(0n) })).rejects.toThrow(PaymentRequestRefused);
  await stranger.close();
});

/** Something between us and the provider that answers whatever it likes. */
async function answering(status: number, body: string) {
  const server = createServer((_request, response) => {
    response.writeHead(status).end(body);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = createHttpPaymentProvider({ url, merchant, secret: 'x' });
  const outcome = await provider.queryCapture(key);
  await provider.close();
  server.close();
  return outcome;
}

test.each([
  [404, 'nginx: not found', 'provider_error'],
  [429, '{}', 'provider_error'],
  [200, 'welcome to the hotel network', 'unreadable_answer'],
  [200, '{"state":"CAPTURED"}', 'unreadable_answer'],
])('an answer that is not the provider’s own word (%i %s) is unknown', async (status, body, reason) => {
  expect(await answering(status, body)).toEqual({ outcome: 'unknown', reason });
});

test('a connection that the provider has dropped is made again, under the same key', async () => {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) request.socket.destroy();
    else response.end(JSON.stringify(captured));
  });
  const captured = {
    paymentId: 'pay_1',
    state: 'CAPTURED',
    declineReason: null,
    amount: { minor: '1000', currency: 'CNY' },
    at: '2026-09-01T12:00:00.000Z',
  };
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = createHttpPaymentProvider({ url, merchant, secret: 'x' });
  expect(await provider.capture({ key, amount: yuan(1_000n) })).toMatchObject({ outcome: 'captured' });
  expect(keys).toEqual([key, key]);
  await provider.close();
  server.close();
});
