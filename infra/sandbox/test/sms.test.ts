import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type TestSandbox } from './client.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

const outbox = async (phone: string) =>
  (await sandbox.get(`/sms/outbox?phone=${encodeURIComponent(phone)}`)).body['messages'] as unknown as {
    text: string;
  }[];

test('a message is found in the outbox of its phone, newest first', async () => {
  expect((await sandbox.post('/sms/messages', { phone: '+8613800000001', text: 'first' })).status).toBe(202);
  await sandbox.post('/sms/messages', { phone: '+8613800000001', text: 'second' });
  await sandbox.post('/sms/messages', { phone: '+8613800000002', text: 'another' });
  expect((await outbox('+8613800000001')).map(({ text }) => text)).toEqual(['second', 'first']);
});

test('a plus sign that nobody encoded is understood', async () => {
  await sandbox.post('/sms/messages', { phone: '+8613800000003', text: 'plus' });
  const { body } = await sandbox.get('/sms/outbox?phone=+8613800000003');
  expect(body['messages']).toMatchObject([{ text: 'plus' }]);
});

test('memory is bounded: of many messages the last twenty stay', async () => {
  for (let index = 1; index <= 25; index += 1) {
    await sandbox.post('/sms/messages', { phone: '+8613800000004', text: String(index) });
  }
  const texts = (await outbox('+8613800000004')).map(({ text }) => text);
  expect(texts).toHaveLength(20);
  expect(texts[0]).toBe('25');
});

test.each([
  [{ phone: '13800000001', text: 'x' }, 'phone'],
  [{ phone: '+8613800000001', text: '' }, 'text'],
  [{ text: 'x' }, 'phone'],
])('%j is refused, and the answer names the field', async (input, field) => {
  const { status, body } = await sandbox.post('/sms/messages', input);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    errors: [{ extensions: { code: 'INVALID_INPUT' } }],
  });
  expect(JSON.stringify(body)).toContain(field);
});

test('a phone can be made unreachable', async () => {
  await sandbox.post('/faults', { service: 'sms', kind: 'decline', match: '0005' });
  expect((await sandbox.post('/sms/messages', { phone: '+8613800000005', text: 'x' })).status).toBe(422);
  expect(await outbox('+8613800000005')).toEqual([]);
});

test('what is no JSON, too large or nowhere gets an error of the one shape', async () => {
  expect(await sandbox.post('/sms/messages', '{')).toMatchObject({ status: 400 });
  expect(await sandbox.post('/sms/messages', 'x'.repeat(70_000))).toMatchObject({ status: 413 });
  expect(await sandbox.get('/nowhere')).toMatchObject({
    status: 404,
    body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  });
});
