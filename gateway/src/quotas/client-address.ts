import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

const mappedPrefix = '::ffff:';

/** The eight groups of an IPv6 address, none left out. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  const left = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...left, ...after];
}

/**
 * What stands for a client by its address: an IPv4 address itself, of an IPv6 address the first 64 bits, which are one
 * household's or one machine's, who can take any address below them.
 */
export function networkOf(address: string): string {
  const plain = address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address;
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return 'unknown';
  // A zone says through which interface of this machine the address is reached.
  const [bare = ''] = plain.toLowerCase().split('%');
  const groups = groupsOf(bare).slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

/**
 * The address of the client. Behind `trustedProxies` proxies of our own, each of which adds the address that it sees to
 * `X-Forwarded-For`, it is that many from the end; what stands before it the client may have made up.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const own = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return own;
  const given = request.headers['x-forwarded-for'];
  if (given === undefined) return own;
  const addresses = (Array.isArray(given) ? given.join(',') : given).split(',').map((each) => each.trim());
  return addresses.at(-trustedProxies) ?? addresses[0] ?? own;
}
