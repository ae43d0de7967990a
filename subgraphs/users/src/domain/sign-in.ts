import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, refuse } from '@banyan/kit/graphql';
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { findStaffRoles, upsertPerson, type PersonRow } from '../db/people.ts';
import { linkWaitingRelatives } from '../db/relatives.ts';
import { takeAttempt, useSignInCode, type SignInCodeRow } from '../db/sign-in-codes.ts';
import { assertWithin } from './address-limit.ts';
import { maskPhone, phoneNumber } from './phone.ts';
import { tellAsked } from './request-relative.ts';
import { issueRefreshToken, openDevice, sessionOf, type Session } from './session.ts';

const inputShape = z.object({
  phone: phoneNumber,
  code: z.string().regex(/^\d{6}$/, 'The code has six digits. | 验证码为六位数字。'),
  deviceName: z
    .string()
    .trim()
    .min(1, 'A name for this device. | 请填写设备名称。')
    .max(60, 'At most 60 characters. | 最多 60 个字符。')
    .refine((value) => !value.includes('\0'), 'There is a NUL character in it. | 含有非法字符。'),
});

const maxAttempts = 5;

/** Signs a person in by phone and one-time code; the first sign-in of a phone makes the person. */
export async function signIn(
  { db, cipher, accessTokens, limits, now: clock }: Services,
  from: { language: string; network?: string | undefined },
  input: unknown,
): Promise<Session> {
  const { phone, code, deviceName } = parseInput(inputShape, input);
  await assertWithin([limits.signInsOfAddress], from.network);
  const fingerprint = cipher.fingerprint('phone', phone);
  const now = clock();

  const sent = await takeAttempt(db, fingerprint);
  checkCode(sent, cipher.fingerprint('sign-in-code', `${fingerprint}:${code}`), now);

  return inTransaction(db, async (trx) => {
    if (!(await useSignInCode(trx, sent))) throw codeExpired();
    const person = await upsertPerson(trx, {
      id: newId('usr'),
      phone_fingerprint: fingerprint,
      phone_encrypted: cipher.encrypt(phone),
      phone_masked: maskPhone(phone),
      display_name: newName(from.language),
      social_title: null,
      avatar_url: null,
      birth_year: null,
      region_code: null,
      language: from.language,
    });
    await linkRelatives(trx, person);
    const deviceId = await openDevice(trx, person.id, deviceName);
    const refreshToken = await issueRefreshToken(trx, { deviceId, parentHash: null, now });
    const roles = await findStaffRoles(trx, person.id);
    return sessionOf(accessTokens, { personId: person.id, deviceId, roles, refreshToken, now });
  });
}

/** Everybody sees it until its owner chooses another, so nothing of the phone is in it. */
function newName(language: string): string {
  const number = String(randomInt(10_000)).padStart(4, '0');
  return `${language === 'zh' ? '榕友' : 'Friend'} ${number}`;
}

/** Who asked this phone before anybody had it here finds its owner now. */
async function linkRelatives(trx: Transaction<Database>, person: PersonRow): Promise<void> {
  const waiting = await linkWaitingRelatives(trx, person.id, person.phone_fingerprint);
  for (const relative of waiting) await tellAsked(trx, relative, person.id);
}

function checkCode(
  sent: SignInCodeRow | undefined,
  givenHash: string,
  now: Date,
): asserts sent is SignInCodeRow {
  if (sent === undefined || sent.expires_at <= now) throw codeExpired();
  if (sent.attempts > maxAttempts) {
    throw refuse(
      'TOO_MANY_ATTEMPTS',
      { en: 'Too many wrong codes. Ask for a new one.', zh: '验证码错误次数过多，请重新获取。' },
      ['input', 'code'],
    );
  }
  if (!timingSafeEqual(Buffer.from(sent.code_hash), Buffer.from(givenHash))) {
    throw refuse('CODE_WRONG', { en: 'This is not the code that was sent.', zh: '验证码不正确。' }, [
      'input',
      'code',
    ]);
  }
}

function codeExpired() {
  return refuse(
    'CODE_EXPIRED',
    { en: 'The code is no longer valid. Ask for a new one.', zh: '验证码已失效，请重新获取。' },
    ['input', 'code'],
  );
}
