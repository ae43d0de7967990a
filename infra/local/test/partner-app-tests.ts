import { expect, test } from 'vitest';
import type { System } from '../src/system.ts';
import { changeGraph, type GraphAnswer } from './graph-client.ts';
import type { TestGraph } from './test-graph.ts';

/** Asks by API key. */
async function askAsApp(system: System, query: string, key: string) {
  const response = await fetch(`${system.urls['gateway'] ?? ''}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'banyan-api-key': key },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as GraphAnswer<Record<string, unknown>>;
  return { status: response.status, body };
}

/** What a partner's app is, from its making to what it sees. */
export function testPartnerApps({ system, donor }: TestGraph): void {
  test('is made by an organisation, known by its key, and sees what partners see', async () => {
    const change = async <Payload>(mutation: string, input: object, selection: string) =>
      changeGraph<Payload>(system, donor, { mutation, input, selection });
    const { organisation } = await change<{ organisation: { id: string } }>(
      'createOrganisation',
      { name: 'Willow', kinds: ['PARTNER'], idempotencyKey: crypto.randomUUID() },
      'organisation { id }',
    );
    const { app } = await change<{ app: { id: string } }>(
      'createPartnerApp',
      {
        organisationId: organisation.id,
        name: 'Quotes',
        scopes: [],
        sandbox: true,
        idempotencyKey: crypto.randomUUID(),
      },
      'app { id }',
    );
    const { secret } = await change<{ secret: string }>(
      'createApiKey',
      { appId: app.id, idempotencyKey: crypto.randomUUID() },
      'secret',
    );
    const own = await askAsApp(system, '{ partnerApp { id name sandbox organisation { name } } }', secret);
    expect(own.body).toEqual({
      data: { partnerApp: { id: app.id, name: 'Quotes', sandbox: true, organisation: { name: 'Willow' } } },
    });
    const person = await askAsApp(system, '{ me { id } }', secret);
    expect(person.body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const wrong = await askAsApp(system, '{ partnerApp { id } }', `bk_test_${'A'.repeat(43)}`);
    expect(wrong.status).toBe(401);
  });
}
