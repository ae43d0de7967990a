import { createRedis, type Limiter } from '@banyan/kit/cache';
import { createLogger } from '@banyan/kit/service';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createLimits } from '../src/limits.ts';
import { requestCode, signInMutation, startUsers, type SignInData } from './support.ts';

let aheadMs = 0;
const later = (ms: number) => {
  aheadMs += ms;
};
const users = await sharedByTests(startUsers({ overrides: { now: () => new Date(Date.now() + aheadMs) } }));

const refresh = /* GraphQL */ `
  mutation ($token: String!) {
    refreshSession(input: { refreshToken: $token }) {
      accessToken
      refreshToken
      userErrors {
        code
      }
    }
  }
`;
interface RefreshData {
  refreshSession: { accessToken: string | null; refreshToken: string | null; userErrors: { code: string }[] };
}

test('a person signs in with the code that was sent, and is the same person the next time', async () => {
  const first = await users.signIn('+8613900000001');
  expect(first.id).toMatch(/^usr_/);
  const me = await users.ask('{ me { id phone { masked } devices { name } } }', {}, { id: first.id });
  expect(me).toEqual({
    data: { me: { id: first.id, phone: { masked: '+86 139****0001' }, devices: [{ name: 'Telephone' }] } },
  });
});

test('the name that a new person has to everybody says nothing of the phone', async () => {
  const names = [];
  for (const phone of ['+8613911117777', '+8613922227777', '+8613933337777']) {
    const { id } = await users.signIn(phone);
    const { data } = await users.ask<{ user: { displayName: string } }>(
      'query ($id: ID!) { user(id: $id) { displayName } }',
      { id },
    );
    names.push(data.user.displayName);
  }
  expect(names.every((name) => name.endsWith('7777'))).toBe(false);
});

test('a phone gets only so many codes a day, however patiently they are asked for', async () => {
  const log = createLogger({ service: 'users', level: 'silent' });
  const limits = createLimits(createRedis({ log }));
  const patient: Limiter = {
    attempt: () => Promise.resolve({ allowed: true, remaining: 1, retryAfterSeconds: 0 }),
    forget: () => Promise.resolve(),
  };
  const waiting = await startUsers({
    overrides: { limits: { ...limits, codes: patient, codePause: patient } },
  });
  onTestFinished(() => waiting.stop());
  const ask = async () => {
    const { data } = await waiting.ask<{ requestSignInCode: { userErrors: { code: string }[] } }>(
      requestCode,
      {
        phone: '+8613900000077',
      },
    );
    return data.requestSignInCode.userErrors[0]?.code;
  };
  const codes = [];
  for (let asked = 0; asked < 21; asked += 1) codes.push(await ask());
  expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => undefined));
  expect(codes[20]).toBe('RATE_LIMITED');
});

test('a wrong code is refused, five times at most, and the right one no longer helps then', async () => {
  const phone = '+8613900000002';
  await users.ask(requestCode, { phone });
  const right = users.lastCode(phone);
  const wrong = right === '000000' ? '000001' : '000000';
  const codes = [];
  for (const code of [wrong, wrong, wrong, wrong, wrong, right]) {
    const { data } = await users.ask<SignInData>(signInMutation, { phone, code });
    codes.push(data.signIn.userErrors[0]?.code);
  }
  expect(codes).toEqual([
    'CODE_WRONG',
    'CODE_WRONG',
    'CODE_WRONG',
    'CODE_WRONG',
    'CODE_WRONG',
    'TOO_MANY_ATTEMPTS',
  ]);
});

test('one code signs in once, also when it is sent twice at the same time', async () => {
  const phone = '+8613900000003';
  await users.ask(requestCode, { phone });
  const code = users.lastCode(phone);
  const answers = await Promise.all(
    [1, 2, 3].map(() => users.ask<SignInData>(signInMutation, { phone, code })),
  );
  expect(answers.filter(({ data }) => data.signIn.accessToken !== null)).toHaveLength(1);
});

test('codes are sent to a phone at most once in a while, and the answer says when to try again', async () => {
  const phone = '+8613900000004';
  await users.ask(requestCode, { phone });
  const again = await users.ask<{ requestSignInCode: { userErrors: { code: string; field: string[] }[] } }>(
    requestCode,
    { phone },
  );
  expect(again.data.requestSignInCode.userErrors).toMatchObject([
    { code: 'RATE_LIMITED', field: ['input', 'phone'] },
  ]);
});

test('a phone that is none is named, in the language of the caller', async () => {
  const answer = await users.ask(requestCode, { phone: 'call me' }, null, 'zh-CN');
  expect(answer.data).toMatchObject({
    requestSignInCode: {
      sentTo: null,
      userErrors: [
        {
          code: 'INVALID_INPUT',
          field: ['input', 'phone'],
          message: expect.stringContaining('手机号') as string,
        },
      ],
    },
  });
});

test('a client whose answer was lost asks again with the same token, and stays signed in', async () => {
  const person = await users.signIn('+8613900000005');
  const lost = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  later(9_000);
  const again = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  expect(again.data.refreshSession.userErrors).toEqual([]);
  expect(again.data.refreshSession.refreshToken).not.toBe(lost.data.refreshSession.refreshToken);
  const next = await users.ask<RefreshData>(refresh, { token: again.data.refreshSession.refreshToken });
  expect(next.data.refreshSession.accessToken).not.toBeNull();
  // Of the two that came of one token one is used; whoever holds the other has a copy.
  const copy = await users.ask<RefreshData>(refresh, { token: lost.data.refreshSession.refreshToken });
  expect(copy.data.refreshSession.userErrors).toEqual([{ code: 'TOKEN_REUSED' }]);
  const end = await users.ask<RefreshData>(refresh, { token: next.data.refreshSession.refreshToken });
  expect(end.data.refreshSession.userErrors).toEqual([{ code: 'CODE_EXPIRED' }]);
});

test('a refresh token that comes again later signs the device out', async () => {
  const person = await users.signIn('+8613900000006');
  const next = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  later(11_000);
  const stolen = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  expect(stolen.data.refreshSession.userErrors).toEqual([{ code: 'TOKEN_REUSED' }]);
  const successor = await users.ask<RefreshData>(refresh, { token: next.data.refreshSession.refreshToken });
  expect(successor.data.refreshSession.accessToken).toBeNull();
});

test('a refresh token whose successor is used signs the device out, however soon it comes again', async () => {
  const person = await users.signIn('+8613900000007');
  const next = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  const third = await users.ask<RefreshData>(refresh, { token: next.data.refreshSession.refreshToken });
  const stolen = await users.ask<RefreshData>(refresh, { token: person.refreshToken });
  expect(stolen.data.refreshSession.userErrors).toEqual([{ code: 'TOKEN_REUSED' }]);
  const last = await users.ask<RefreshData>(refresh, { token: third.data.refreshSession.refreshToken });
  expect(last.data.refreshSession.accessToken).toBeNull();
});

test('of two tokens that came of one, used at the same time, the device does not survive', async () => {
  const person = await users.signIn('+8613900000008');
  const pair = await Promise.all(
    [1, 2].map(() => users.ask<RefreshData>(refresh, { token: person.refreshToken })),
  );
  const tokens = pair.map(({ data }) => data.refreshSession.refreshToken);
  expect(new Set(tokens).size).toBe(2);
  const used = await Promise.all(tokens.map((token) => users.ask<RefreshData>(refresh, { token })));
  const codes = used.flatMap(({ data }) => data.refreshSession.userErrors.map(({ code }) => code));
  expect(codes).toEqual(['TOKEN_REUSED']);
});

test('a token of garbage ends nothing and says so', async () => {
  for (const token of ['nonsense', 'x'.repeat(201), '']) {
    const answer = await users.ask<RefreshData>(refresh, { token });
    expect(answer.data.refreshSession.userErrors).toHaveLength(1);
  }
});
