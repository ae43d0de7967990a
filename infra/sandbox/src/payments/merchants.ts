import { Problem, type Call } from '../http/reply.ts';

/** Merchant accounts: name to secret. The secret proves the merchant to us, and our notifications to the merchant. */
export type Merchants = Readonly<Record<string, string>>;

/** Who calls, by `Authorization: Basic base64(merchant:secret)` (RFC 7617). @throws Problem 401 */
export type Authenticate = (call: Call) => string;

export function createAuthenticate(merchants: Merchants): Authenticate {
  const byHeader = new Map(
    Object.entries(merchants).map(([name, secret]) => [
      `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
      name,
    ]),
  );
  return (call) => {
    const merchant = byHeader.get(call.headers.authorization ?? '');
    if (merchant === undefined)
      throw new Problem(401, 'UNAUTHENTICATED', 'No merchant has these credentials.');
    return merchant;
  };
}
