import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { purgeSessions } from '../src/domain/purge-sessions.ts';
import { requestCode, startUsers } from './support.ts';

const dayInMs = 24 * 60 * 60 * 1_000;
let clockMs = Date.now();
const users = await sharedByTests(startUsers({ overrides: { now: () => new Date(clockMs) } }));

const refresh = async (token: string) => {
  const { data } = await users.ask<{
    refreshSession: { refreshToken: string | null; userErrors: { code: string }[] };
  }>(
    'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { refreshToken userErrors { code } } }',
    { token },
  );
  return data.refreshSession;
};
const purge = () => purgeSessions({ db: users.app.database.db, now: () => new Date(clockMs) });
const count = async (table: 'sign_in_codes' | 'refresh_tokens' | 'devices') => {
  const rows = await users.app.database.db
    .selectFrom(table)
    .select((select) => select.lit(1).as('one'))
    .execute();
  return rows.length;
};

test('expired codes go, others stay', async () => {
  await users.ask(requestCode, { phone: '+8613500000001' });
  await purge();
  expect(await count('sign_in_codes')).toBe(1);
  clockMs += 10 * 60_000;
  await purge();
  expect(await count('sign_in_codes')).toBe(0);
});

test('a device and its tokens go when they have long ended, and one in use stays', async () => {
  await users.signIn('+8613500000002');
  const active = await users.signIn('+8613500000003');
  let token = active.refreshToken;
  for (let month = 0; month < 5; month += 1) {
    clockMs += 30 * dayInMs;
    token = (await refresh(token)).refreshToken ?? '';
    await purge();
  }
  expect(await count('devices')).toBe(1);
  // Those of the last two lives: by them a copy is known.
  expect(await count('refresh_tokens')).toBe(5);
  expect((await refresh(token)).userErrors).toEqual([]);
});

test('a copy of a token is known as such for as long as anything that came of it may live', async () => {
  const { refreshToken } = await users.signIn('+8613500000004');
  clockMs += 50 * dayInMs;
  const pair = [await refresh(refreshToken), await refresh(refreshToken)];
  // The one that both came of has expired by then.
  clockMs += 20 * dayInMs;
  await purge();
  const [own, copy] = pair.map((each) => each.refreshToken ?? '');
  expect((await refresh(own ?? '')).userErrors).toEqual([]);
  expect((await refresh(copy ?? '')).userErrors).toEqual([{ code: 'TOKEN_REUSED' }]);
});
