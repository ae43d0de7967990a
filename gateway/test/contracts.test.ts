import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { contractOf } from '../src/contracts/contract-of.ts';
import { startEdge, type Edge } from './support/edge.ts';

/** An edge whose callers see their contracts, and what people with a staff role get. */
async function startWithContracts(env: Record<string, string> = {}) {
  const edge = await startEdge({ CONTRACTS: 'on', ...env });
  const staff = await edge.token({ sub: 'usr_staff', roles: ['REVIEWER'] });
  const headers = { authorization: `Bearer ${staff}` };
  const askAsStaff: Edge['ask'] = (query, options) => edge.ask(query, { ...options, headers });
  return { ...edge, askAsStaff };
}

test('strangers and people get what is public, staff get everything', async () => {
  const edge = await startWithContracts();
  const person = { authorization: `Bearer ${await edge.token()}` };
  const everybody = '{ hello items(first: 1) { name stock } }';
  const answer = { hello: 'Hello, stranger', items: [{ name: 'Item itm_1', stock: 10 }] };
  expect((await edge.ask(everybody)).body).toEqual({ data: answer });
  expect((await edge.ask(everybody, { headers: person })).body).toEqual({ data: answer });
  expect((await edge.askAsStaff(everybody)).body).toEqual({ data: answer });
  expect((await edge.askAsStaff('{ warehouses }')).body).toEqual({ data: { warehouses: 3 } });
});

test('what is outside of a contract is refused in the same words as what does not exist', async () => {
  const edge = await startWithContracts();
  const hidden = await edge.ask('{ warehouses items { price { minor } } }');
  const missing = await edge.ask('{ warehousez items { prize { minor } } }');
  const messages = (answer: typeof hidden) =>
    answer.body.errors?.map(({ message, extensions }) => ({ message, ...extensions }));
  expect(messages(hidden)).toEqual(
    JSON.parse(
      JSON.stringify(messages(missing)).replaceAll('warehousez', 'warehouses').replaceAll('prize', 'price'),
    ),
  );
  expect(hidden.body.errors).toHaveLength(2);
});

test('no suggestion names what the caller cannot see', async () => {
  const edge = await startWithContracts();
  const { body } = await edge.ask('{ warehouse }');
  expect(body.errors?.[0]?.message).toBe('Cannot query field "warehouse" on type "Query".');
  const staff = await edge.askAsStaff('{ warehouse }');
  expect(staff.body.errors?.[0]?.message).toContain('Did you mean "warehouses"?');
});

test('the schema that a caller is told is that of its contract', async () => {
  const edge = await startWithContracts();
  const query = '{ __type(name: "Item") { fields { name } } money: __type(name: "Money") { name } }';
  expect((await edge.ask(query)).body.data).toEqual({
    __type: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'stock' }] },
    money: null,
  });
  const { data } = (await edge.askAsStaff(query)).body;
  expect(data?.['__type']).toEqual({
    fields: [{ name: 'id' }, { name: 'name' }, { name: 'stock' }, { name: 'price' }],
  });
  expect(data?.['money']).toEqual({ name: 'Money' });
});

test('an operation that staff have asked for is no way around the contract', async () => {
  const edge = await startWithContracts();
  const query = 'query Same { warehouses }';
  expect((await edge.askAsStaff(query)).body.data).toEqual({ warehouses: 3 });
  expect((await edge.ask(query)).body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  expect((await edge.askAsStaff(query)).body.data).toEqual({ warehouses: 3 });
});

test('a partner’s app gets what partners may see, and nothing that is public alone', async () => {
  const edge = await startWithContracts();
  const key = `bk_live_${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('base64url');
  const expiresAtMs = Date.now() + 3_600_000;
  edge.users.state.apiKeys.set(hash, {
    state: 'live',
    appId: 'app_1',
    organisationId: 'org_1',
    scopes: [],
    sandbox: false,
    expiresAtMs,
  });
  const askAsApp = (query: string) => edge.ask(query, { headers: { 'banyan-api-key': key } });
  expect((await askAsApp('{ items(first: 1) { name } }')).body.data).toEqual({
    items: [{ name: 'Item itm_1' }],
  });
  for (const query of ['{ hello }', '{ items { id } }', 'mutation { buy(itemId: "itm_1") }'])
    expect((await askAsApp(query)).body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('a partner’s app gets the partner contract, whatever else is known of the caller', () => {
  const app = { id: 'app_1', organisationId: 'org_1', scopes: new Set<string>(), sandbox: false };
  const nobody = { subject: null, roles: new Set<string>() };
  expect(contractOf(nobody)).toBe('public');
  expect(contractOf({ ...nobody, subject: 'usr_1' })).toBe('public');
  expect(contractOf({ subject: 'usr_1', roles: new Set(['SRE']) })).toBe('internal');
  expect(contractOf({ ...nobody, app })).toBe('partner');
  expect(contractOf({ subject: 'usr_1', roles: new Set(['SRE']), app })).toBe('partner');
});

test('without contracts everybody sees the whole graph', async () => {
  const edge = await startEdge({ CONTRACTS: 'off' });
  expect((await edge.ask('{ warehouses }')).body.data).toEqual({ warehouses: 3 });
});

test('another supergraph brings its contracts with it, and is not taken over when one of them cannot be', async () => {
  const edge = await startWithContracts();
  const code = async (query: string) => (await edge.ask(query)).body.errors?.[0]?.extensions['code'];
  const { supergraphSdl } = edge;
  const listed = supergraphSdl.replace(/warehouses: .*$/m, (line) => `${line} @tag(name: "public")`);
  const unlisted = listed.replace(/hello\(.*$/m, (line) => line.replaceAll('@tag(name: "public")', ''));
  expect(await code('{ warehouses }')).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await code('{ hello }')).toBeUndefined();
  await edge.swapSupergraph(unlisted);
  expect(await code('{ warehouses }')).toBeUndefined();
  expect(await code('{ hello }')).toBe('GRAPHQL_VALIDATION_FAILED');

  const empty = unlisted.replaceAll('@tag(name: "partner")', '');
  await expect(edge.swapSupergraph(empty)).rejects.toThrow(
    'The contract "partner" shows too much or too little.',
  );
  expect(await code('{ warehouses }')).toBeUndefined();
});
