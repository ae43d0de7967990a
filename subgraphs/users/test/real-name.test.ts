import { createSandbox } from '@banyan/sandbox';
import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { afterAll, expect, test } from 'vitest';
import { checkCharacterOf, isIdNumber } from '../src/domain/id-number.ts';
import { maskName, statusOf } from '../src/domain/real-name.ts';
import { createHttpEkycProvider } from '../src/providers/ekyc.ts';
import { startUsers } from './support.ts';

const sandbox = createSandbox({ port: 0, merchants: {} });
const { url: sandboxUrl } = await sandbox.start();
afterAll(() => sandbox.stop());
const users = await sharedByTests(
  startUsers({
    sandboxUrl,
    overrides: { realNameLookMs: 50, ekyc: createHttpEkycProvider({ url: sandboxUrl, timeoutMs: 500 }) },
  }),
);

/** A number that is nobody's; digits 15 to 17 tell the sandbox what to answer. */
let given = 0;
function idNumber(sequence?: string): string {
  given += 1;
  const birthday = new Date(Date.UTC(1950, 0, given)).toISOString().slice(0, 10).replaceAll('-', '');
  const digits = `990000${birthday}${sequence ?? '001'}`;
  return digits + checkCharacterOf(digits);
}

interface Payload {
  challengeUrl: string | null;
  status: { level: string; state: string; factors: string[]; verifiedAt: string | null } | null;
}
const start = (as: { id: string }, input: Record<string, unknown>) =>
  users.act<Payload>(
    'startRealName',
    { level: 'TWO_FACTOR', legalName: '王秀英', idempotencyKey: newId('key'), ...input },
    as,
    'challengeUrl status { level state factors verifiedAt reason }',
  );
const statusOfMe = async (as: { id: string }) => {
  const { data } = await users.ask<{ me: { realName: Record<string, unknown>; legalName: unknown } }>(
    '{ me { realName { level state factors reason } legalName { masked } } }',
    {},
    as,
  );
  return data.me;
};
const post = (path: string, body: unknown) =>
  fetch(new URL(path, sandboxUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('an identity number has a day of birth that exists and a check character that holds', () => {
  expect(isIdNumber('990000195404010021')).toBe(true);
  expect(isIdNumber('990000195404010022')).toBe(false);
  const noDay = '99000019540231002';
  expect(isIdNumber(noDay + checkCharacterOf(noDay))).toBe(false);
  expect(['11010119540401002x', '', '１'.repeat(18)].map(isIdNumber)).toEqual([false, false, false]);
});

test('a name is masked so that its owner knows it', () => {
  expect(['王秀英', '王', '欧阳娜娜', 'Xiuying Wang', 'Ann'].map(maskName)).toEqual([
    '王**',
    '王*',
    '欧***',
    'X*** W***',
    'A***',
  ]);
});

test('what is verified stays verified, whatever becomes of a further check', () => {
  const name = { level: 'TWO_FACTOR', factors: ['ID_NUMBER'], verified_at: new Date(0) } as const;
  const state = (...args: Parameters<typeof statusOf>) => statusOf(...args).state;
  expect(state(null, null)).toBe('NONE');
  expect(state(null, { state: 'FAILED', reason: 'NAME_ID_MISMATCH' })).toBe('FAILED');
  expect(state(name, { state: 'FAILED', reason: 'NAME_ID_MISMATCH' })).toBe('VERIFIED');
  expect(state(name, { state: 'PENDING', reason: null })).toBe('PENDING');
});

test('a name and number that belong together are verified, told, and shown masked', async () => {
  const me = await users.person();
  const { status, userErrors } = await start(me, { idNumber: idNumber(), level: 'THREE_FACTOR' });
  expect(userErrors).toEqual([]);
  expect(status).toMatchObject({ level: 'THREE_FACTOR', state: 'VERIFIED', factors: ['ID_NUMBER', 'PHONE'] });
  expect(await statusOfMe(me)).toEqual({
    realName: { level: 'THREE_FACTOR', state: 'VERIFIED', factors: ['ID_NUMBER', 'PHONE'], reason: null },
    legalName: { masked: '王**' },
  });
  expect(await users.told(me.id)).toEqual([
    { type: 'person.verified', payload: { userId: me.id, realNameLevel: 'THREE_FACTOR' } },
  ]);
  const { data } = await users.ask(
    'query ($id: ID!) { user(id: $id) { realNameLevel } }',
    { id: me.id },
    null,
  );
  expect(data).toEqual({ user: { realNameLevel: 'THREE_FACTOR' } });
});

test('name, number and card lie encrypted in the database, the card not at all once it is decided', async () => {
  const me = await users.person();
  const number = idNumber();
  const bankCard = '4111 1111 1111 1111';
  const { status } = await start(me, { idNumber: number, level: 'FOUR_FACTOR', bankCard });
  expect(status?.level).toBe('FOUR_FACTOR');
  const { db } = users.app.database;
  const rows = [
    await db.selectFrom('real_name_checks').selectAll().where('person_id', '=', me.id).execute(),
    await db.selectFrom('real_names').selectAll().where('person_id', '=', me.id).execute(),
  ].flat();
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    const text = Object.values(row)
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
      .join(' ');
    for (const secret of [number, '王秀英', '4111111111111111']) expect(text).not.toContain(secret);
  }
  expect(rows[0]).toMatchObject({ bank_card_encrypted: null });
});

test('a name and number that do not belong together are refused, and nothing is verified', async () => {
  const me = await users.person();
  const { status, userErrors } = await start(me, { idNumber: idNumber('998') });
  expect([status, userErrors[0]?.code]).toEqual([null, 'NAME_ID_MISMATCH']);
  expect(await statusOfMe(me)).toMatchObject({
    realName: { level: 'NONE', state: 'FAILED', reason: 'NAME_ID_MISMATCH' },
    legalName: null,
  });
  expect(await users.told(me.id)).toEqual([]);
});

test('one identity is verified for one account, also when two ask at once', async () => {
  const number = idNumber();
  const people = [await users.person(), await users.person(), await users.person()];
  const answers = await Promise.all(people.map((as) => start(as, { idNumber: number })));
  const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
  expect(codes).toEqual(['ALREADY_VERIFIED_ELSEWHERE', 'ALREADY_VERIFIED_ELSEWHERE']);
  const levels = await Promise.all(people.map(async (as) => (await statusOfMe(as)).realName['level']));
  expect(levels.filter((level) => level === 'TWO_FACTOR')).toHaveLength(1);
  expect(levels.filter((level) => level === 'NONE')).toHaveLength(2);
});

test('a repeated key gives the check of the first time, another input is refused', async () => {
  const me = await users.person();
  const input = { idNumber: idNumber(), idempotencyKey: 'once' };
  await Promise.all([start(me, input), start(me, input), start(me, input)]);
  expect((await start(me, input)).status?.state).toBe('VERIFIED');
  expect((await start(me, { ...input, legalName: '王秀兰' })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
  expect(await users.told(me.id)).toHaveLength(1);
  // Somebody else's keys are theirs.
  expect((await start(await users.person(), { ...input, idNumber: idNumber() })).userErrors).toEqual([]);
});

test('a face challenge is open until the person has passed it, then the level rises and the person hears of it', async () => {
  const me = await users.person();
  const number = idNumber();
  await start(me, { idNumber: number });
  const { challengeUrl, status } = await start(me, { idNumber: number, level: 'FACE_LIVENESS' });
  expect(status).toMatchObject({ level: 'TWO_FACTOR', state: 'PENDING' });
  expect(challengeUrl).toContain('/ekyc/face/');
  await post(`${challengeUrl}/pass`, {});
  await expect
    .poll(() => statusOfMe(me), { timeout: 15_000 })
    .toMatchObject({
      realName: { level: 'FACE_LIVENESS', state: 'VERIFIED', factors: ['ID_NUMBER', 'FACE'] },
    });
  expect((await users.told(me.id)).map(({ payload }) => payload['realNameLevel'])).toEqual([
    'TWO_FACTOR',
    'FACE_LIVENESS',
  ]);
  const { data } = await users.ask<{ me: { notifications: { nodes: { kind: string }[] } } }>(
    '{ me { notifications { nodes { kind } } } }',
    {},
    me,
  );
  expect(data.me.notifications.nodes.map(({ kind }) => kind)).toEqual([
    'REAL_NAME_VERIFIED',
    'REAL_NAME_VERIFIED',
  ]);
});

test('registers that do not answer say nothing about the person: the check is asked again by itself', async () => {
  const me = await users.person();
  await post('/faults', { service: 'ekyc', kind: 'fail', operation: 'check' });
  const { status, userErrors } = await start(me, { idNumber: idNumber() });
  expect([status?.state, userErrors]).toEqual(['PENDING', []]);
  await expect
    .poll(() => statusOfMe(me), { timeout: 15_000 })
    .toMatchObject({ realName: { state: 'VERIFIED', level: 'TWO_FACTOR' } });
});

test('an answer that was lost after its effect is found by the same key', async () => {
  const me = await users.person();
  const fault = { service: 'ekyc', kind: 'timeout_after_effect', operation: 'check', delayMs: 100 };
  await post('/faults', fault);
  await start(me, { idNumber: idNumber() });
  await expect
    .poll(() => statusOfMe(me), { timeout: 20_000 })
    .toMatchObject({ realName: { state: 'VERIFIED' } });
  expect(await users.told(me.id)).toHaveLength(1);
}, 30_000);

test('what is no name, number or card is refused, each field by its name', async () => {
  const me = await users.person();
  const fields = async (input: Record<string, unknown>) =>
    (await start(me, { idNumber: '990000195404010021', ...input })).userErrors.map(
      ({ code, field }) => `${code} ${field?.join('.')}`,
    );
  expect(await fields({ idNumber: '990000195404010022' })).toEqual(['INVALID_INPUT input.idNumber']);
  expect(await fields({ legalName: 'a\0b' })).toEqual(['INVALID_INPUT input.legalName']);
  expect(await fields({ level: 'NONE' })).toEqual(['INVALID_INPUT input.level']);
  expect(await fields({ level: 'FOUR_FACTOR' })).toEqual(['INVALID_INPUT input.bankCard']);
  expect(await fields({ level: 'FOUR_FACTOR', bankCard: '12' })).toEqual(['INVALID_INPUT input.bankCard']);
});

test('a verified person does not become somebody else', async () => {
  const me = await users.person();
  await start(me, { idNumber: idNumber() });
  expect((await start(me, { idNumber: idNumber() })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'idNumber'] },
  ]);
});
