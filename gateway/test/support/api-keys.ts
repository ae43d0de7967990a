import { createHash, randomBytes } from 'node:crypto';
import { createLogger } from '@banyan/kit/service';
import { createApiKeyVerifier } from '../../src/identity/api-key.ts';
import type { Edge } from './edge.ts';
import { createHopKey, startKeyServer, type KeyVerdict } from './keys.ts';

/** A key that nobody has seen before. */
export const newKey = (kind = 'live') => `bk_${kind}_${randomBytes(32).toString('base64url')}`;

/** By what users knows it. */
export const hashOf = (key: string) => createHash('sha256').update(key).digest('base64url');

/** What users says of a key that is good, unless `more` says otherwise. */
export const live = (more: Partial<KeyVerdict> = {}): KeyVerdict => ({
  state: 'live',
  appId: 'app_1',
  organisationId: 'org_1',
  scopes: ['keys:manage'],
  sandbox: false,
  expiresAtMs: Date.now() + 3_600_000,
  ...more,
});

export const whoAmI = '{ caller callerRoles callerApp }';

/** Asks the edge who the holder of this key is. */
export const ask = (edge: Edge, key: string, headers: Record<string, string> = {}) =>
  edge.ask(whoAmI, { headers: { 'banyan-api-key': key, ...headers } });

/** Users, and an edge's verifier whose clock the test sets. */
export async function startVerifier() {
  const hopKey = createHopKey('hop-1');
  const users = await startKeyServer([], [hopKey]);
  const clock = { nowMs: Date.now() };
  const log = createLogger({ service: 'test', level: 'silent' });
  const verifier = createApiKeyVerifier({ url: users.url, hopKey, log, now: () => clock.nowMs });
  const outcome = async (key: string) => {
    try {
      return (await verifier.verify(key, null)).app?.id;
    } catch (error) {
      return (error as { extensions: { reason?: string; code: string } }).extensions;
    }
  };
  return { users, clock, outcome };
}

/** How the edge refuses a key. */
export const refused = (reason: string) => ({ code: 'UNAUTHENTICATED', reason });
