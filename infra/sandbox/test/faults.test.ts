import { afterEach, beforeEach, expect, test } from 'vitest';
import { basic, merchant, secret, startSandbox, type TestSandbox } from './client.ts';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  await sandbox.stop();
});

const fault = (input: object) => sandbox.post('/faults', { service: 'payments', ...input });
const capture = (key: string) =>
  sandbox.post(
    '/payments/captures',
    { amount: { minor: '1000', currency: 'CNY' } },
    { 'idempotency-key': key },
  );

test('a failure strikes as often as ordered, has no effect, and is over', async () => {
  await fault({ operation: 'capture', kind: 'fail', count: 2, status: 502 });
  expect((await capture('key-1')).status).toBe(502);
  expect((await capture('key-1')).status).toBe(502);
  expect(await capture('key-1')).toMatchObject({ status: 200, replayed: false });
});

test('a failure strikes only what it is meant for', async () => {
  await fault({ operation: 'capture', kind: 'fail', match: 'gift-7', count: 1_000 });
  expect((await capture('gift-6')).status).toBe(200);
  expect((await capture('gift-7')).status).toBe(503);
  expect((await sandbox.post('/sms/messages', { phone: '+8613800000001', text: 'x' })).status).toBe(202);
});

test('a timeout after the effect leaves the caller without an answer and the money captured', async () => {
  await fault({ operation: 'capture', kind: 'timeout_after_effect' });
  const asked = fetch(`${sandbox.url}/payments/captures`, {
    method: 'POST',
    headers: { authorization: basic(merchant, secret), 'idempotency-key': 'key-1' },
    body: JSON.stringify({ amount: { minor: '1000', currency: 'CNY' } }),
    signal: AbortSignal.timeout(100),
  });
  await expect(asked).rejects.toThrow('timeout');
  expect((await sandbox.get('/payments/captures?merchantKey=key-1')).body).toMatchObject({
    state: 'CAPTURED',
  });
  expect(await capture('key-1')).toMatchObject({ status: 200, replayed: true });
});

test('a delay is waited for', async () => {
  await fault({ operation: 'capture', kind: 'delay', delayMs: 50 });
  const before = performance.now();
  await capture('key-1');
  expect(performance.now() - before).toBeGreaterThan(45);
});

test('chance repeats exactly for the same seed, whatever the order of the calls', async () => {
  const keys = Array.from({ length: 60 }, (_, index) => `key-${index}`);
  const failing = async (order: string[], seed: string) => {
    await sandbox.delete('/faults');
    await fault({ operation: 'capture', kind: 'fail', probability: 0.3, seed });
    const failed = new Set<string>();
    for (const key of order) if ((await capture(key)).status === 503) failed.add(key);
    return failed;
  };
  const first = await failing(keys, 'a');
  expect(first.size).toBeGreaterThan(5);
  expect(first.size).toBeLessThan(35);
  expect(await failing(keys.toReversed(), 'a')).toEqual(first);
  expect(await failing(keys, 'b')).not.toEqual(first);
});

test('faults are listed with their hits, and cancelled one by one or all', async () => {
  const { body } = await fault({ kind: 'fail', operation: 'capture' });
  await fault({ kind: 'delay', operation: 'refund', delayMs: 1 });
  await capture('key-1');
  expect((await sandbox.get('/faults')).body).toMatchObject({ faults: [{ hits: 1 }, { hits: 0 }] });
  await sandbox.delete(`/faults/${body['faultId']}`);
  expect((await sandbox.get('/faults')).body['faults']).toHaveLength(1);
  await sandbox.delete('/faults');
  expect((await sandbox.get('/faults')).body).toEqual({ faults: [] });
});

test('what cannot be ordered is refused', async () => {
  expect((await fault({ kind: 'explode' })).status).toBe(400);
  expect((await fault({ kind: 'fail', probability: 2 })).status).toBe(400);
  expect((await fault({ kind: 'fail', often: true })).status).toBe(400);
});
