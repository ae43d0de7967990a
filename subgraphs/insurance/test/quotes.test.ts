import { createLimiter, createRedis } from '@banyan/kit/cache';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { askQuote, bind, createQuoteMutation, openQuote } from './policies.ts';
import { codes, dayMs, newPerson, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

const optOut = /* GraphQL */ `
  mutation ($id: ID!) {
    optOutOfQuote(input: { quoteId: $id }) {
      quote {
        state
      }
      userErrors {
        code
      }
    }
  }
`;

test('a person gets a premium from the rate table of her age and region', async () => {
  const person = newPerson();
  const inSichuan = await openQuote(insurance, person);
  expect(inSichuan).toMatchObject({ state: 'OPEN', premium: { currency: 'CNY' }, declineReasons: [] });
  const inBeijing = await openQuote(insurance, person, { regionCode: 'CN-BJ', idempotencyKey: 'quote-2' });
  const younger = await openQuote(insurance, person, { birthYear: 1990, idempotencyKey: 'quote-3' });
  const fen = [younger, inSichuan, inBeijing].map(({ premium }) => Number(premium.minor));
  // 98 yuan at 18; at 70 to 80 3.3 times that, and 12 per cent more in Beijing.
  expect(fen).toEqual([9_800, 32_340, 36_221]);
});

test('whom the rules do not fit is told why, in her language', async () => {
  const person = newPerson();
  const input = {
    productCode: 'SOUTHWIND-ACCIDENT',
    holderReference: person.id,
    birthYear: 1930,
    regionCode: 'SG',
    answers: [{ key: 'work', value: '高空 at heights' }],
    idempotencyKey: 'quote-1',
  };
  const answer = await insurance.ask(createQuoteMutation, { input }, person, 'zh');
  expect(answer.data).toMatchObject({
    createQuote: {
      userErrors: [],
      quote: {
        state: 'DECLINED',
        premium: { minor: '0' },
        declineReasons: ['投保年龄为 18 至 80 周岁。', '该地区暂不销售。', '高空作业不在承保范围。'],
      },
    },
  });
});

test('the same key and input give the same quote, however often and however many at once', async () => {
  const person = newPerson();
  const quotes = await Promise.all(Array.from({ length: 6 }, () => openQuote(insurance, person)));
  expect(new Set(quotes.map(({ id }) => id)).size).toBe(1);
  expect(codes(await askQuote(insurance, person, { birthYear: 1957 }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  const another = await openQuote(insurance, newPerson());
  expect(another.id).not.toBe(quotes[0]?.id);
});

test('nobody asks for somebody else', async () => {
  const answer = await askQuote(insurance, newPerson(), { holderReference: newPerson().id });
  expect(answer).toMatchObject({
    quote: null,
    userErrors: [{ code: 'FORBIDDEN', field: ['input', 'holderReference'] }],
  });
  const stranger = await insurance.ask(createQuoteMutation, {
    input: {
      productCode: 'SOUTHWIND-ACCIDENT',
      holderReference: 'usr_x',
      birthYear: 1956,
      regionCode: 'CN-SC',
      answers: [],
      idempotencyKey: 'k',
    },
  });
  expect(stranger.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test.each([
  [{ productCode: 'NO-SUCH-PRODUCT' }, 'NOT_FOUND', ['input', 'productCode']],
  [{ productCode: 'x\u0000' }, 'INVALID_INPUT', ['input', 'productCode']],
  [{ birthYear: 1066 }, 'INVALID_INPUT', ['input', 'birthYear']],
  [{ birthYear: 2_900 }, 'INVALID_INPUT', ['input', 'birthYear']],
  [{ regionCode: 'Sichuan' }, 'INVALID_INPUT', ['input', 'regionCode']],
  [{ answers: [] }, 'INVALID_INPUT', ['input', 'answers']],
  [{ answers: [{ key: 'work', value: 'astronaut' }] }, 'INVALID_INPUT', ['input', 'answers', '0', 'value']],
  [{ answers: [{ key: 'work\u0000', value: '' }] }, 'INVALID_INPUT', ['input', 'answers', '0', 'key']],
  [{ idempotencyKey: '' }, 'INVALID_INPUT', ['input', 'idempotencyKey']],
  [{ idempotencyKey: 'x'.repeat(101) }, 'INVALID_INPUT', ['input', 'idempotencyKey']],
])('input that makes no sense is named: %j', async (change, code, field) => {
  const answer = await askQuote(insurance, newPerson(), change);
  expect(answer.quote).toBeNull();
  expect(answer.userErrors[0]).toMatchObject({ code, field });
});

test('each wrong answer is named, twice answered and never asked alike', async () => {
  const answers = [
    { key: 'work', value: '退休 retired' },
    { key: 'work', value: '退休 retired' },
    { key: 'shoe-size', value: '42' },
  ];
  const answer = await askQuote(insurance, newPerson(), { answers });
  expect(answer.userErrors.map(({ field }) => field?.join('.'))).toEqual([
    'input.answers.1.key',
    'input.answers.2.key',
  ]);
});

test('a quote that was refused stays refused: it cannot be bound', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  for (let round = 0; round < 2; round += 1) {
    const answer = await insurance.ask(optOut, { id: quote.id }, person);
    expect(answer.data).toEqual({ optOutOfQuote: { quote: { state: 'OPTED_OUT' }, userErrors: [] } });
  }
  expect(codes(await bind(insurance, person, quote))).toEqual(['ALREADY_DECIDED']);
});

test('nobody else sees or refuses a quote', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  const read = 'query ($id: ID!) { quote(id: $id) { id } }';
  expect((await insurance.ask(read, { id: quote.id }, person)).data).toEqual({ quote: { id: quote.id } });
  for (const as of [null, newPerson(), { ...newPerson(), roles: ['ACCOUNTANT', 'REVIEWER'] }])
    expect(await insurance.ask(read, { id: quote.id }, as)).toEqual({ data: { quote: null } });
  const other = await insurance.ask(optOut, { id: quote.id }, newPerson());
  expect(other.data).toEqual({ optOutOfQuote: { quote: null, userErrors: [{ code: 'NOT_FOUND' }] } });
});

test('who asks too often is told when to come back, and still gets what was asked before', async () => {
  const redis = createRedis({ url: undefined, log: insurance.app.log });
  const quotes = createLimiter({ redis, prefix: 'q:', maxAttempts: 2, windowSeconds: 60 });
  const strict = await startInsurance({ limits: { quotes, aid: quotes } });
  const person = newPerson();
  const ask = (key: number) => askQuote(strict, person, { idempotencyKey: `quote-${key}` });
  const answers = [await ask(1), await ask(2), await ask(3), await ask(1)];
  expect(answers.map(codes)).toEqual([[], [], ['RATE_LIMITED'], []]);
  await strict.stop();
});

test('a quote runs out', async () => {
  const person = newPerson();
  const quote = await openQuote(insurance, person);
  insurance.clock.aheadMs += 15 * dayMs;
  const read = await insurance.ask('query ($id: ID!) { quote(id: $id) { state } }', { id: quote.id }, person);
  expect(read.data).toEqual({ quote: { state: 'EXPIRED' } });
  expect(codes(await bind(insurance, person, quote))).toEqual(['QUOTE_EXPIRED']);
});
