import { z } from 'zod';

/** E.164, with spaces and dashes forgiven; a mainland number may come without its country code. */
export const phoneNumber = z
  .string()
  .max(40)
  .transform((text) => text.replace(/[\s()-]/g, ''))
  .transform((text) => (/^1\d{10}$/.test(text) ? `+86${text}` : text))
  .pipe(
    z
      .string()
      .regex(
        /^\+[1-9]\d{6,14}$/,
        'A phone number with its country code, such as +86 138 0000 0001. | 请输入带国家代码的手机号，例如 +86 138 0000 0001。',
      ),
  );

/** `+86 138****0001`: enough to recognise one's own number, not to call it. */
export function maskPhone(phone: string): string {
  return phone.startsWith('+86')
    ? `+86 ${phone.slice(3, 6)}****${phone.slice(-4)}`
    : `${phone.slice(0, 4)}****${phone.slice(-2)}`;
}
