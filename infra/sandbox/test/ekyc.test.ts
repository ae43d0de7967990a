import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCharacter, isIdNumber } from '../src/ekyc/id-number.ts';
import { startSandbox, type TestSandbox } from './client.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

/** An identity number of no place on earth (area 990000) with the given sequence digits. */
const idNumber = (sequence: string) =>
  `99000019540401${sequence}${checkCharacter(`99000019540401${sequence}`)}`;
const person = { level: 'TWO_FACTOR', legalName: '王秀英', idNumber: idNumber('002') };

let keys = 0;
async function check(input: object, key = `key-${(keys += 1)}`) {
  return (await sandbox.post('/ekyc/checks', input, { 'idempotency-key': key })).body;
}

test('the check character is that of the standard', () => {
  // The example in GB 11643-1999.
  expect(isIdNumber('11010519491231002X')).toBe(true);
  expect(isIdNumber('110105194912310021')).toBe(false);
  expect(isIdNumber('110105194902300025')).toBe(false);
  expect(isIdNumber('11010519491231002x')).toBe(false);
});

describe('a check is decided by its input alone', () => {
  test.each([
    ['name and number', person, 'VERIFIED', null],
    [
      'a wrong check character',
      { ...person, idNumber: `99000019540401002${'0'}` },
      'FAILED',
      'INVALID_ID_NUMBER',
    ],
    ['another name', { ...person, idNumber: idNumber('998') }, 'FAILED', 'NAME_ID_MISMATCH'],
    ['a clerk must look', { ...person, idNumber: idNumber('997') }, 'PENDING', 'MANUAL_REVIEW'],
    ['no phone', { ...person, level: 'THREE_FACTOR' }, 'FAILED', 'PHONE_MISSING'],
    ['a phone', { ...person, level: 'THREE_FACTOR', phone: '+8613800000001' }, 'VERIFIED', null],
    [
      'a stranger’s phone',
      { ...person, level: 'THREE_FACTOR', phone: '+8613800009998' },
      'FAILED',
      'PHONE_MISMATCH',
    ],
    [
      'a card',
      { ...person, level: 'FOUR_FACTOR', phone: '+8613800000001', bankCard: '4111111111111111' },
      'VERIFIED',
      null,
    ],
    [
      'a mistyped card',
      { ...person, level: 'FOUR_FACTOR', phone: '+8613800000001', bankCard: '4111111111111112' },
      'FAILED',
      'INVALID_BANK_CARD',
    ],
  ])('%s', async (_what, input, state, reason) => {
    expect(await check(input)).toMatchObject({ state, reason, challengeUrl: null });
  });
});

test('a face is shown to the camera, then the check is verified', async () => {
  const started = await check({ ...person, level: 'FACE_LIVENESS' });
  expect(started).toMatchObject({ state: 'PENDING', reason: 'FACE_CHALLENGE' });
  const path = new URL(started['challengeUrl'] as string).pathname;
  expect((await sandbox.get(path)).body).toContain('人脸核验');
  expect((await sandbox.post(`${path}/pass`)).status).toBe(303);
  expect((await sandbox.get(`/ekyc/checks/${started['checkId']}`)).body).toMatchObject({ state: 'VERIFIED' });
});

test('a face that does not match fails the check, for good', async () => {
  const { checkId } = await check({ ...person, level: 'FACE_LIVENESS' });
  const failed = await sandbox.post(`/ekyc/checks/${checkId}/complete`, { passed: false });
  expect(failed.body).toMatchObject({ state: 'FAILED', reason: 'FACE_MISMATCH' });
  expect((await sandbox.post(`/ekyc/checks/${checkId}/complete`, { passed: true })).status).toBe(409);
});

test('the same key gives the same check; with another input it is refused', async () => {
  const first = await check(person, 'again');
  expect(await check(person, 'again')).toEqual(first);
  const other = await sandbox.post(
    '/ekyc/checks',
    { ...person, legalName: '别人' },
    { 'idempotency-key': 'again' },
  );
  expect(other).toMatchObject({
    status: 422,
    body: { errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }] },
  });
});

test('a check needs a key, and an unknown one is not found', async () => {
  expect((await sandbox.post('/ekyc/checks', person)).status).toBe(400);
  expect((await sandbox.get('/ekyc/checks/chk_none')).status).toBe(404);
});
