import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createHopVerifier, hopWindowMs, signHop, type SignedRequest } from '../src/hop/hop.ts';

const key = { id: 'hop-1', secret: randomBytes(32) };
const good: SignedRequest = {
  subgraph: 'shop',
  method: 'POST',
  path: '/graphql?a=1',
  body: '{"query":"{ a }"}',
};
const beganAtMs = Date.UTC(2026, 0, 1);

/** A subgraph's verifier whose clock the test sets. */
function start(keys = [key]) {
  const clock = { nowMs: beganAtMs };
  return { clock, verifier: createHopVerifier(keys, () => clock.nowMs) };
}

describe('the signature of a hop', () => {
  test.each([-hopWindowMs, 0, hopWindowMs])('is good %d ms from when it was made', (apartMs) => {
    const { verifier } = start();
    expect(verifier.verify(signHop(key, good, beganAtMs + apartMs), good)).toBeNull();
  });

  test.each([-hopWindowMs - 1, hopWindowMs + 1])('is not good %d ms from when it was made', (apartMs) => {
    const { verifier } = start();
    expect(verifier.verify(signHop(key, good, beganAtMs + apartMs), good)).toBe('outside the window');
  });

  test.each(['', ' ', '1e12', '-1', 'NaN', `${beganAtMs}.0`])('has no time like "%s"', (timestamp) => {
    const headers = { ...signHop(key, good, beganAtMs), 'banyan-timestamp': timestamp };
    expect(start().verifier.verify(headers, good)).toBe('outside the window');
  });

  test.each(['banyan-key-id', 'banyan-timestamp', 'banyan-nonce', 'banyan-signature'])(
    'is none without %s',
    (missing) => {
      const headers = { ...signHop(key, good, beganAtMs), [missing]: undefined };
      expect(start().verifier.verify(headers, good)).toBe('unsigned');
    },
  );

  test.each<[string, Partial<SignedRequest>]>([
    ['another body', { body: '{"query":"{ b }"}' }],
    ['another subgraph', { subgraph: 'users' }],
    ['another path', { path: '/events?a=1' }],
    ['another query of its path', { path: '/graphql?a=2' }],
    ['another method', { method: 'GET' }],
  ])('is not good for %s', (_what, other) => {
    const headers = signHop(key, good, beganAtMs);
    expect(start().verifier.verify(headers, { ...good, ...other })).toBe('wrong signature');
  });

  test('is not good under another time, another nonce or another key’s id', () => {
    const other = { ...key, id: 'hop-2' };
    const { verifier } = start([key, other]);
    const headers = signHop(key, good, beganAtMs);
    for (const changed of [
      { 'banyan-timestamp': String(beganAtMs + 1) },
      { 'banyan-nonce': 'another' },
      { 'banyan-key-id': other.id },
    ])
      expect(verifier.verify({ ...headers, ...changed }, good)).toBe('wrong signature');
  });
});

describe('a request that was seen', () => {
  /** Moments after the verifier began, so that its memory turns over at each possible moment of a request's life. */
  const moments = Array.from({ length: 30 }, (_item, index) => index * 4_999);

  test.each(moments)(
    'is refused for as long as its signature is good, also %d ms after the start',
    (atMs) => {
      const { clock, verifier } = start();
      const goOn = (toMs: number) => {
        for (; clock.nowMs < toMs; clock.nowMs = Math.min(toMs, clock.nowMs + 9_000))
          expect(verifier.verify(signHop(key, good, clock.nowMs), good)).toBeNull();
      };
      goOn(beganAtMs + atMs);
      // By a clock that is ahead as far as it may be, so that it is good for longest.
      const headers = signHop(key, good, clock.nowMs + hopWindowMs);
      expect(verifier.verify(headers, good)).toBeNull();
      for (const laterMs of [0, 1, hopWindowMs, 2 * hopWindowMs - 1, 2 * hopWindowMs]) {
        goOn(beganAtMs + atMs + laterMs);
        expect(verifier.verify(headers, good)).toBe('replayed');
      }
      goOn(beganAtMs + atMs + 2 * hopWindowMs + 1);
      expect(verifier.verify(headers, good)).toBe('outside the window');
    },
  );

  test('is refused also where nothing else came in between', () => {
    const { clock, verifier } = start();
    clock.nowMs += 2 * hopWindowMs;
    const headers = signHop(key, good, clock.nowMs + hopWindowMs);
    expect(verifier.verify(headers, good)).toBeNull();
    clock.nowMs += 2 * hopWindowMs;
    expect(verifier.verify(headers, good)).toBe('replayed');
  });
});
