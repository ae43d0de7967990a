import { newId } from '@banyan/kit/graphql';
import { signHop } from '@banyan/kit/hop';
import { testHopKey, type As, type AsApp } from '@banyan/kit/testing';
import { createHash } from 'node:crypto';
import { startUsers } from './support.ts';

export interface Key {
  id: string;
  prefix: string;
  scopes: string[];
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}
export const keyFields = 'secret key { id prefix scopes createdAt expiresAt lastUsedAt revokedAt }';

/** The subgraph with an organisation whose owner makes apps and their keys, a stranger, and a clock that tests set on. */
export async function startPartner() {
  const clock = { nowMs: Date.now() };
  const users = await startUsers({ overrides: { now: () => new Date(clock.nowMs) } });
  const owner = await users.person();
  const stranger = await users.person();
  const organisationId = await found(owner);

  async function found(as: { id: string }): Promise<string> {
    const { organisation } = await users.act<{ organisation: { id: string } }>(
      'createOrganisation',
      { name: 'Willow Insurance', kinds: ['INSURER'], idempotencyKey: newId('idk') },
      as,
      'organisation { id }',
    );
    return organisation.id;
  }

  async function makeApp(input: Record<string, unknown> = {}): Promise<string> {
    const { app, userErrors } = await users.act<{ app: { id: string } | null }>(
      'createPartnerApp',
      {
        organisationId,
        name: 'Quotes',
        scopes: ['keys:manage'],
        sandbox: true,
        idempotencyKey: newId('idk'),
        ...input,
      },
      owner,
      'app { id }',
    );
    if (app === null) throw new Error(JSON.stringify(userErrors));
    return app.id;
  }

  const makeKey = (appId: string, input: Record<string, unknown> = {}, as: As | AsApp = owner) =>
    users.act<{ secret: string | null; key: Key | null }>(
      'createApiKey',
      { appId, idempotencyKey: newId('idk'), ...input },
      as,
      keyFields,
    );

  /** Asks as the edge does: signed, with the hash of the key. */
  async function verify(secret: string): Promise<{ state: string } & Record<string, unknown>> {
    const body = JSON.stringify({ hash: createHash('sha256').update(secret).digest('base64url') });
    const path = '/api-keys/verify';
    const headers = signHop(testHopKey, { subgraph: 'users', method: 'POST', path, body });
    const response = await fetch(users.url + path, { method: 'POST', headers, body });
    return (await response.json()) as { state: string };
  }

  async function madeKey(appId: string, input: Record<string, unknown> = {}) {
    const { secret, key, userErrors } = await makeKey(appId, input);
    if (secret === null || key === null) throw new Error(JSON.stringify(userErrors));
    return { secret, key };
  }

  return {
    users,
    clock,
    owner,
    stranger,
    organisationId,
    found,
    makeApp,
    makeKey,
    madeKey,
    verify,
    stop: () => users.stop(),
  };
}
