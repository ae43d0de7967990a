import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A shared secret of the hop, by its id. */
export interface HopKey {
  id: string;
  secret: Buffer;
}

/** What a signature covers, beside the key, the time and the nonce. */
export interface SignedRequest {
  /** Name of the subgraph that is called, so that a signature cannot be used on another. */
  subgraph: string;
  method: string;
  /** Path with its query. */
  path: string;
  body: Uint8Array | string;
}

export type HopHeaders = Record<
  'banyan-key-id' | 'banyan-timestamp' | 'banyan-nonce' | 'banyan-signature',
  string
>;

/** How far the two clocks may be apart, and how long a nonce is remembered, in milliseconds. */
export const hopWindowMs = 30_000;

/** `id:secret,id:secret` with secrets of at least 32 bytes in base64url; the first signs, all are accepted. */
export const hopKeys = z.string().transform((text, context): readonly [HopKey, ...HopKey[]] => {
  const keys = text.split(',').map((item) => {
    const [id = '', secret = ''] = item.split(':');
    return { id, secret: Buffer.from(secret, 'base64url') };
  });
  const [first, ...rest] = keys;
  if (first === undefined || keys.some((key) => key.id === '' || key.secret.length < 32)) {
    context.addIssue({
      code: 'custom',
      message: 'expected id:base64url[,id:base64url] with at least 32 bytes each',
    });
    return z.NEVER;
  }
  return [first, ...rest];
});

function signatureOf(key: HopKey, timestamp: string, nonce: string, request: SignedRequest): Buffer {
  const bodyHash = hash('sha256', request.body, 'hex');
  const text = ['1', key.id, timestamp, nonce, request.subgraph, request.method, request.path, bodyHash].join(
    '\n',
  );
  return createHmac('sha256', key.secret).update(text).digest();
}

/** Headers that prove to a subgraph that a holder of `key` sent exactly this request, now. */
export function signHop(key: HopKey, request: SignedRequest, nowMs: number = Date.now()): HopHeaders {
  const timestamp = String(nowMs);
  // Node draws the randomness of many at once, which single random bytes do not.
  const nonce = randomUUID();
  return {
    'banyan-key-id': key.id,
    'banyan-timestamp': timestamp,
    'banyan-nonce': nonce,
    'banyan-signature': signatureOf(key, timestamp, nonce, request).toString('base64url'),
  };
}

/** Why a hop was refused: for the log of the subgraph, not for the caller. */
export type HopRefusal = 'unsigned' | 'unknown key' | 'outside the window' | 'wrong signature' | 'replayed';

export interface HopVerifier {
  /** Null when the request is what a holder of a key sent, and was not seen before. */
  verify(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    request: SignedRequest,
  ): HopRefusal | null;
}

/**
 * Verifies signatures over the raw bytes of a request, before anything in it is parsed. Nonces are remembered for the
 * length of the window in two generations, so memory is bounded by the requests of one minute.
 */
export function createHopVerifier(keys: readonly HopKey[], now: () => number = Date.now): HopVerifier {
  const keysById = new Map(keys.map((key) => [key.id, key]));
  let recent = new Set<string>();
  let older = new Set<string>();
  let turnedAt = now();

  function firstSeen(nonce: string, nowMs: number): boolean {
    if (nowMs - turnedAt > 2 * hopWindowMs) {
      older = nowMs - turnedAt > 4 * hopWindowMs ? new Set() : recent;
      recent = new Set();
      turnedAt = nowMs;
    }
    if (recent.has(nonce) || older.has(nonce)) return false;
    recent.add(nonce);
    return true;
  }

  return {
    verify(headers, request) {
      const keyId = headers['banyan-key-id'];
      const timestamp = headers['banyan-timestamp'];
      const nonce = headers['banyan-nonce'];
      const signature = headers['banyan-signature'];
      if (
        typeof keyId !== 'string' ||
        typeof timestamp !== 'string' ||
        typeof nonce !== 'string' ||
        typeof signature !== 'string'
      ) {
        return 'unsigned';
      }
      const key = keysById.get(keyId);
      if (key === undefined) return 'unknown key';
      const nowMs = now();
      if (!/^\d{1,15}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > hopWindowMs)
        return 'outside the window';
      const expected = signatureOf(key, timestamp, nonce, request);
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong signature';
      return firstSeen(nonce, nowMs) ? null : 'replayed';
    },
  };
}
