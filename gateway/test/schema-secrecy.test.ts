import { describe, expect, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';
import { startLiveEdge, type LiveEdge } from './support/live-edge.ts';

const ofSchema = [
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Item") { name } }',
  '{ hello ...f } fragment f on Query { ... { schema: __schema { queryType { name } } } }',
];

/** Mistakes for which graphql-js has a name of the schema to offer, at every step where it does. */
const mistakes: readonly (readonly [string, string, object])[] = [
  ['a field', '{ helo }', {}],
  ['a field of a type', '{ items { nam } }', {}],
  ['an argument', '{ hello(nam: "x") }', {}],
  ['a type', '{ ... on Qery { hello } }', {}],
  ['the type of a variable', 'query ($n: Strin) { hello(name: $n) }', {}],
  ['a selection that is missing', '{ items }', {}],
  ['a field of an input', '{ find(by: { nme: "x" }) { id } }', {}],
  ['a value', '{ find(by: { kind: BOK }) { id } }', {}],
  ['a field of a variable', 'query ($by: ItemFilter!) { find(by: $by) { id } }', { by: { nme: 'x' } }],
  ['a value of a variable', 'query ($by: ItemFilter!) { find(by: $by) { id } }', { by: { kind: 'BOK' } }],
];

const liveMistakes = [
  'subscription { boardChange(id: "a") { seenBy } }',
  'subscription ($id: IDD!) { boardChanged(id: $id) { seenBy } }',
];

async function follow(edge: LiveEdge, query: string): Promise<string> {
  const response = await fetch(`${edge.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { id: 'a' } }),
  });
  return response.text();
}

const messagesOf = async (edge: Edge, query: string, variables: object, headers: Record<string, string>) =>
  ((await edge.ask(query, { variables, headers })).body.errors ?? []).map(({ message }) => message);

describe('where the schema is not shown', () => {
  test('strangers and people get no answer from it', async () => {
    const edge = await startEdge({ INTROSPECTION: 'off' });
    const ofPerson: Record<string, string> = { authorization: `Bearer ${await edge.token()}` };
    for (const headers of [{}, ofPerson]) {
      for (const query of ofSchema) {
        const { status, body } = await edge.ask(query, { headers });
        expect(status).toBe(403);
        expect(body.data).toBeUndefined();
        expect(body.errors?.map(({ extensions }) => extensions)).toEqual([
          { code: 'FORBIDDEN', reason: 'INTROSPECTION' },
        ]);
      }
    }
    expect(edge.shop.operations).toEqual([]);
  });

  test('staff get an answer', async () => {
    const edge = await startEdge({ INTROSPECTION: 'off' });
    const headers = { authorization: `Bearer ${await edge.token({ roles: ['SRE'] })}` };
    for (const query of ofSchema) {
      const { body } = await edge.ask(query, { headers });
      expect(body.errors).toBeUndefined();
      expect(body.data).toBeDefined();
    }
  });

  test('everybody may ask of what type an object is', async () => {
    const edge = await startEdge({ INTROSPECTION: 'off' });
    expect((await edge.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  test('strangers are told no name that they did not say, and staff are', async () => {
    const edge = await startEdge({ INTROSPECTION: 'off' });
    const staff = { authorization: `Bearer ${await edge.token({ roles: ['SRE'] })}` };
    for (const [place, query, variables] of mistakes) {
      const toStrangers = await messagesOf(edge, query, variables, {});
      const toStaff = await messagesOf(edge, query, variables, staff);
      const areTold = (messages: readonly string[]) => messages.join().includes('Did you mean');
      expect([place, toStrangers.length > 0, areTold(toStrangers), areTold(toStaff)]).toEqual([
        place,
        true,
        false,
        true,
      ]);
    }
    expect(edge.shop.operations).toEqual([]);
  });

  test('who follows something is told no name either', async () => {
    const edge = await startLiveEdge({ env: { INTROSPECTION: 'off' } });
    for (const query of liveMistakes) {
      const text = await follow(edge, query);
      expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
      expect(text).not.toContain('Did you mean');
    }
  });
});

test('where the schema is shown, who follows something is told what the name may have been', async () => {
  const edge = await startLiveEdge({ env: { INTROSPECTION: 'on' } });
  for (const query of liveMistakes) expect(await follow(edge, query)).toContain('Did you mean');
});
