import { parseInput, refuse } from '@banyan/kit/graphql';
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { saveSignInCode } from '../db/sign-in-codes.ts';
import { assertWithin } from './address-limit.ts';
import { maskPhone, phoneNumber } from './phone.ts';

const inputShape = z.object({ phone: phoneNumber });

const codeLifeMs = 5 * 60 * 1_000;
/** Told to the client so that it can show when to ask again. */
const pauseSeconds = 30;

/**
 * Sends a one-time code. Whether the phone is known here is not told.
 * @param network where the request comes from, as far as the edge knows.
 */
export async function requestSignInCode(
  { db, cipher, limits, sms, now }: Services,
  network: string | undefined,
  input: unknown,
): Promise<{ sentTo: string; retryAfterSeconds: number }> {
  const { phone } = parseInput(inputShape, input);
  const fingerprint = cipher.fingerprint('phone', phone);

  // First where they come from: who asks for one phone after the other never meets the limits of a phone.
  await assertWithin([limits.codesOfAddress, limits.codesOfAddressADay], network);
  for (const limit of [limits.codePause, limits.codes, limits.codesADay]) {
    const { allowed, retryAfterSeconds } = await limit.attempt(fingerprint);
    if (!allowed) throw tooManyCodes(retryAfterSeconds);
  }

  const code = String(randomInt(1_000_000)).padStart(6, '0');
  await saveSignInCode(db, {
    phone_fingerprint: fingerprint,
    code_hash: cipher.fingerprint('sign-in-code', `${fingerprint}:${code}`),
    expires_at: new Date(now().getTime() + codeLifeMs),
    attempts: 0,
  });
  await sms.send({
    phone,
    text: `Banyan: ${code} is your sign-in code. 您的登录验证码是 ${code}，五分钟内有效。`,
  });
  return { sentTo: maskPhone(phone), retryAfterSeconds: pauseSeconds };
}

function tooManyCodes(seconds: number) {
  return refuse(
    'RATE_LIMITED',
    {
      en: `A code was sent already. Try again in ${seconds} seconds.`,
      zh: `验证码已发送，请在 ${seconds} 秒后重试。`,
    },
    ['input', 'phone'],
  );
}
