import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, startSandbox, type Answer, type TestSandbox } from './client.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

const yuan = (minor: string) => ({ minor, currency: 'CNY' });
const capture = (key: string, minor = '1000') =>
  sandbox.post('/payments/captures', { amount: yuan(minor) }, { 'idempotency-key': key });
const refund = (key: string, paymentId: string, minor: string) =>
  sandbox.post('/payments/refunds', { paymentId, amount: yuan(minor) }, { 'idempotency-key': key });
const order = (merchantOrder: string, minor = '1000') =>
  sandbox.post('/payments/orders', {
    merchantOrder,
    amount: yuan(minor),
    notifyUrl: 'http://127.0.0.1:9/none',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  });

async function wholeBook(): Promise<Answer[]> {
  const { body } = await sandbox.get('/payments/book?limit=10000');
  return body['entries'] as unknown as Answer[];
}

describe('a capture', () => {
  test('is made once for its key, however often it is asked for', async () => {
    const first = await capture('capture-1');
    expect(first).toMatchObject({ status: 200, body: { state: 'CAPTURED', amount: yuan('1000') } });
    const second = await capture('capture-1');
    expect(second.body).toEqual(first.body);
    expect(second.replayed).toBe(true);
    expect((await wholeBook()).filter((entry) => entry['merchantKey'] === 'capture-1')).toHaveLength(1);
  });

  test('is made once by a hundred callers at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => capture('capture-100')));
    expect(new Set(answers.map(({ body }) => body['paymentId'])).size).toBe(1);
    expect((await wholeBook()).filter((entry) => entry['merchantKey'] === 'capture-100')).toHaveLength(1);
  });

  test('refuses a known key with another amount', async () => {
    await capture('capture-2', '1000');
    expect(await capture('capture-2', '1001')).toMatchObject({
      status: 422,
      body: { errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }] },
    });
  });

  test('is found by our id and by the merchant’s key', async () => {
    const { body } = await capture('capture-3');
    expect((await sandbox.get(`/payments/captures/${body['paymentId']}`)).body).toEqual(body);
    expect((await sandbox.get('/payments/captures?merchantKey=capture-3')).body).toEqual(body);
    expect((await sandbox.get('/payments/captures?merchantKey=never')).status).toBe(404);
  });

  test('can be declined, and stays declined', async () => {
    await sandbox.post('/faults', {
      service: 'payments',
      operation: 'capture',
      kind: 'decline',
      match: 'poor',
    });
    expect((await capture('poor-1')).body).toMatchObject({ state: 'DECLINED' });
    expect((await capture('poor-1')).body).toMatchObject({ state: 'DECLINED' });
    expect((await wholeBook()).map((entry) => entry['merchantKey'])).not.toContain('poor-1');
  });

  test.each(['0', '-1', '1.5', '1e3', '9999999999999', '', '０'])(
    'of %j minor units is refused',
    async (minor) => {
      expect((await capture(`bad-${encodeURIComponent(minor)}`, minor)).status).toBe(400);
    },
  );

  test('needs the merchant’s credentials', async () => {
    const body = { amount: yuan('1000') };
    const headers = { 'idempotency-key': 'thief', authorization: basic('campaigns', 'guessed') };
    expect((await sandbox.post('/payments/captures', body, headers)).status).toBe(401);
  });
});

describe('an order', () => {
  test('is open, then paid once, whoever clicks twice', async () => {
    const { body } = await order('order-one');
    expect(body).toMatchObject({ state: 'OPEN', payment: null });
    const paid = await sandbox.post(`/payments/orders/${body['orderId']}/pay`);
    const again = await sandbox.post(`/payments/orders/${body['orderId']}/pay`);
    expect(paid.body).toMatchObject({ state: 'PAID', payment: { amount: yuan('1000') } });
    expect(again.body).toEqual(paid.body);
    expect((await sandbox.get('/payments/orders?merchantKey=order-one')).body).toEqual(paid.body);
  });

  test('can be paid on its page', async () => {
    const { body } = await order('order-page');
    const path = new URL(body['checkoutUrl'] as string).pathname;
    expect((await sandbox.get(path)).body).toContain('支付');
    expect(await sandbox.post(`${path}/silent`)).toMatchObject({ status: 303 });
    expect((await sandbox.get('/payments/orders?merchantKey=order-page')).body).toMatchObject({
      state: 'PAID',
    });
  });

  test('is the same for the same number, and refused with another amount', async () => {
    const first = await order('order-same');
    expect((await order('order-same')).body['orderId']).toBe(first.body['orderId']);
    expect((await order('order-same', '999')).status).toBe(422);
  });

  test('may be paid with another amount than was asked, as happens in the world', async () => {
    const { body } = await order('order-short');
    const paid = await sandbox.post(`/payments/orders/${body['orderId']}/pay`, { minor: '900' });
    expect(paid.body).toMatchObject({ amount: yuan('1000'), payment: { amount: yuan('900') } });
  });

  test('is not paid after it has expired, unless the money was on its way', async () => {
    const input = { merchantOrder: 'order-old', amount: yuan('1000'), notifyUrl: 'http://127.0.0.1:9/none' };
    const { body } = await sandbox.post('/payments/orders', { ...input, expiresAt: '2020-01-01T00:00:00Z' });
    expect(body).toMatchObject({ state: 'EXPIRED' });
    const pay = `/payments/orders/${body['orderId']}/pay`;
    expect((await sandbox.post(pay)).status).toBe(409);
    expect((await sandbox.post(pay, { afterExpiry: true })).body).toMatchObject({ state: 'PAID' });
  });
});

describe('a refund', () => {
  test('comes in parts, each once, and never beyond the payment', async () => {
    const { paymentId } = (await capture('refund-1')).body as unknown as { paymentId: string };
    const part = await refund('part-1', paymentId, '400');
    expect(part.body).toMatchObject({ state: 'PAID', amount: yuan('400') });
    expect((await refund('part-1', paymentId, '400')).body).toEqual(part.body);
    expect((await refund('part-1', paymentId, '401')).status).toBe(422);
    expect(await refund('part-2', paymentId, '601')).toMatchObject({
      body: { errors: [{ extensions: { code: 'REFUND_EXCEEDS_PAYMENT' } }] },
    });
    expect((await refund('part-3', paymentId, '600')).status).toBe(200);
    expect((await sandbox.get('/payments/refunds?merchantKey=part-3')).body).toMatchObject({ paymentId });
  });

  test('of what was never paid is not found', async () => {
    expect((await refund('none', 'pay_none', '1')).status).toBe(404);
  });
});

test('the book is read page by page, and the pages miss nothing', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, index) => capture(`page-${index}`)));
  const whole = await wholeBook();
  const paged: Answer[] = [];
  for (let since = 0, more = true; more;) {
    const { body } = await sandbox.get(`/payments/book?since=${since}&limit=7`);
    paged.push(...(body['entries'] as unknown as Answer[]));
    since = Number(body['next']);
    more = Boolean(body['more']);
  }
  expect(paged).toEqual(whole);
  expect(paged.map((entry) => Number(entry['sequence']))).toEqual(paged.map((_, index) => index + 1));
});
