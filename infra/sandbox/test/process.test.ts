import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, merchant, secret, startSandbox } from './client.ts';
import { startMerchantServer } from './merchant-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = join(import.meta.dirname, '../src/main.ts');

function startProgram(env: Record<string, string>) {
  return spawn(process.execPath, [program], {
    env: { PORT: '0', MERCHANTS: `${merchant}=${secret}`, DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function textOf(stream: NodeJS.ReadableStream, until?: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (until?.test(text)) break;
  }
  return text;
}

const capture = (url: string, key: string) =>
  ask(
    'POST',
    `${url}/payments/captures`,
    { amount: { minor: '1000', currency: 'CNY' } },
    { 'idempotency-key': key },
  );

test('it refuses to start in production, with one readable line and no stack', async () => {
  const child = startProgram({ NODE_ENV: 'production' });
  const [text, code] = await Promise.all([
    textOf(child.stderr),
    new Promise((resolve) => {
      child.once('exit', resolve);
    }),
  ]);
  expect(code).toBe(2);
  expect(text).toContain('NODE_ENV: the sandbox never runs in production');
  expect(text).not.toContain('    at ');
});

test('every payment that was answered survives the death of the process', async () => {
  const child = startProgram({});
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const line = await textOf(child.stdout, /"url":"[^"]+"/);
  const url = /"url":"([^"]+)"/.exec(line)?.[1] ?? '';
  const answered = await Promise.all(Array.from({ length: 50 }, (_, index) => capture(url, `key-${index}`)));
  child.kill('SIGKILL');
  await exited;

  const reborn = await startSandbox({ dataDir: folder });
  for (const { body } of answered) {
    const found = await reborn.get(`/payments/captures?merchantKey=${body['merchantKey']}`);
    expect(found.body).toEqual(body);
  }
  expect(await capture(reborn.url, 'key-0')).toMatchObject({ replayed: true });
  await reborn.stop();
});

test('a line torn by a crash is dropped, and the book goes on after it', async () => {
  const first = await startSandbox({ dataDir: folder });
  await capture(first.url, 'key-1');
  await first.stop();
  const file = join(folder, 'payments.jsonl');
  appendFileSync(file, '{"kind":"captured","paymentId":"pay_torn","merc');

  const second = await startSandbox({ dataDir: folder });
  await capture(second.url, 'key-2');
  await second.stop();
  expect(readFileSync(file, 'utf8')).not.toContain('pay_torn');

  const third = await startSandbox({ dataDir: folder });
  expect((await third.get('/payments/book')).body['entries']).toMatchObject([
    { sequence: 1, merchantKey: 'key-1' },
    { sequence: 2, merchantKey: 'key-2' },
  ]);
  await third.stop();
});

test('a notification that nobody acknowledged is told by the next process', async () => {
  const server = await startMerchantServer([500]);
  const first = await startSandbox({ dataDir: folder, notifyRetryMs: [3_600_000] });
  const { body } = await first.post('/payments/orders', {
    merchantOrder: 'order-1',
    amount: { minor: '1000', currency: 'CNY' },
    notifyUrl: server.url,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  });
  await first.post(`/payments/orders/${body['orderId']}/pay`);
  await server.untilReceived(1);
  await first.stop();

  const second = await startSandbox({ dataDir: folder });
  const received = await server.untilReceived(2);
  expect(received[1]?.event.eventId).toBe(received[0]?.event.eventId);
  await second.stop();
  await server.stop();
});

test('it says that it lives and is ready', async () => {
  const sandbox = await startSandbox();
  expect((await sandbox.get('/health/live')).body).toEqual({ status: 'live' });
  expect((await sandbox.get('/health/ready')).body).toMatchObject({ status: 'ready' });
  await sandbox.stop();
});
