import { createRedis, type Limiter } from '@banyan/kit/cache';
import { createLogger } from '@banyan/kit/service';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { createLimits } from '../src/limits.ts';
import { requestCode, signInMutation, startUsers, type SignInData } from './support.ts';

/** Allows so many attempts of each key. */
function only(max: number): Limiter {
  const counts = new Map<string, number>();
  return {
    attempt(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const allowed = count <= max;
      return Promise.resolve({ allowed, remaining: 0, retryAfterSeconds: allowed ? 0 : 90 });
    },
    forget: () => Promise.resolve(),
  };
}

const log = createLogger({ service: 'users', level: 'silent' });
const limits = createLimits(createRedis({ log }));
const users = await sharedByTests(
  startUsers({
    overrides: { limits: { ...limits, codesOfAddress: only(3), signInsOfAddress: only(3) } },
  }),
);

const phone = (number: number) => `+86136${String(number).padStart(8, '0')}`;

async function codesFor(numbers: readonly number[], network?: string): Promise<(string | undefined)[]> {
  const codes = [];
  for (const number of numbers) {
    const { data } = await users.ask<{ requestSignInCode: { userErrors: { code: string }[] } }>(
      requestCode,
      { phone: phone(number) },
      null,
      'en',
      network,
    );
    codes.push(data.requestSignInCode.userErrors[0]?.code);
  }
  return codes;
}

test('one address gets only so many codes, however many phones it names; others go on', async () => {
  expect(await codesFor([1, 2, 3, 4], '192.0.2.1')).toEqual([
    undefined,
    undefined,
    undefined,
    'RATE_LIMITED',
  ]);
  expect(await codesFor([5], '192.0.2.2')).toEqual([undefined]);
});

test('one address tries only so many codes, however many phones it guesses for', async () => {
  const guess = async (number: number, network: string) => {
    const variables = { phone: phone(number), code: '000000' };
    const { data } = await users.ask<SignInData>(signInMutation, variables, null, 'en', network);
    return data.signIn.userErrors[0]?.code;
  };
  const codes = [];
  for (const number of [11, 12, 13, 14]) codes.push(await guess(number, '192.0.2.3'));
  expect(codes).toEqual(['CODE_EXPIRED', 'CODE_EXPIRED', 'CODE_EXPIRED', 'RATE_LIMITED']);
  expect(await guess(15, '192.0.2.4')).toBe('CODE_EXPIRED');
});

test('where no address is known nobody is counted as one', async () => {
  expect(await codesFor([21, 22, 23, 24, 25])).toEqual(Array.from({ length: 5 }, () => undefined));
});
