import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import {
  AssertionRefused,
  assertionLifeSeconds,
  createAssertionMinter,
  createAssertionVerifier,
} from '../src/hop/hop.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const named = { kty: 'OKP', kid: 'edge-1' };
const privateJwk = { ...privateKey.export({ format: 'jwk' }), ...named };
const publicJwk = { ...publicKey.export({ format: 'jwk' }), ...named };
const caller = { subject: 'usr_1', roles: new Set(['REVIEWER']) };

afterEach(() => {
  vi.useRealTimers();
});

test('an assertion that was good here is refused when its minute is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  const minter = await createAssertionMinter(privateJwk);
  const verifier = createAssertionVerifier({ keys: [publicJwk] }, 'shop');
  const assertion = await minter.mint(caller, 'shop');
  expect(await verifier.verify(assertion)).toEqual(caller);
  vi.setSystemTime(Date.now() + (assertionLifeSeconds - 1) * 1_000);
  expect(await verifier.verify(assertion)).toEqual(caller);
  // Clocks may be some seconds apart.
  vi.setSystemTime(Date.now() + 7_000);
  await expect(verifier.verify(assertion)).rejects.toThrow(AssertionRefused);
});

test('assertions are made once for each caller and subgraph', async () => {
  const minter = await createAssertionMinter(privateJwk);
  const one = await minter.mint(caller, 'shop');
  expect(await minter.mint({ ...caller, roles: new Set(caller.roles) }, 'shop')).toBe(one);
  const others = await Promise.all([
    minter.mint(caller, 'stock'),
    minter.mint({ ...caller, subject: 'usr_2' }, 'shop'),
    minter.mint({ ...caller, roles: new Set() }, 'shop'),
  ]);
  expect(new Set([one, ...others]).size).toBe(4);
});
