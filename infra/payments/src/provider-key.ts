import { createHash } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * The key under which the provider knows an intent: always the same for the same intent, so that after a crash the sweep
 * of old intents can ask what became of it. `book` is the merchant's prefix (2 to 6 of a-z), which tells whose order it
 * is on a statement that several services share. At most 31 characters of [0-9a-z_], within the 32 of the narrowest
 * provider (WeChat Pay's out_trade_no); 120 bits of SHA-256 in Crockford's base 32.
 *
 * @throws RangeError when the book is no such prefix.
 */
export function providerKey(book: string, intentId: string): string {
  if (!/^[a-z]{2,6}$/.test(book)) throw new RangeError(`a book is 2 to 6 letters a-z, not ${book}`);
  const hash = createHash('sha256').update(`${book}\n${intentId}`).digest();
  let number = BigInt(`0x${hash.toString('hex', 0, 15)}`);
  let text = '';
  for (let length = 0; length < 24; length += 1) {
    text = alphabet.charAt(Number(number & 31n)) + text;
    number >>= 5n;
  }
  return `${book}_${text}`;
}
