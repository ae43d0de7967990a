import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildSchemaFiles } from '../src/build-schema.ts';
import { SchemaFailure } from '../src/schema-failure.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@inaccessible", "@tag"])';
const shown = '@tag(name: "public") @tag(name: "partner")';
const shop = `${link}
  type Query { items: [Item!]! ${shown} }
  type Item @key(fields: "id") { id: ID! name: String! ${shown} cost: Int @inaccessible }`;
const stock = `${link}
  type Query { warehouses: Int }
  type Item @key(fields: "id") { id: ID! stock: Int @tag(name: "public") }`;

/** A repository with subgraphs that print these schemas. */
function makeRepository() {
  const root = mkdtempSync(join(tmpdir(), 'banyan-schema-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const lines: string[] = [];
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      cwd: root,
      stdio: 'pipe',
    });
  return {
    root,
    lines,
    put,
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    setSubgraph: (name: string, sdl: string) => {
      put(`subgraphs/${name}/src/sdl.ts`, `process.stdout.write(${JSON.stringify(sdl)});`);
    },
    build: (options: { check?: boolean; base?: string } = {}) =>
      buildSchemaFiles({ root, check: false, print: (line) => lines.push(line), ...options }),
    startGit: () => {
      git('init', '--quiet');
    },
    commit: () => {
      git('add', '-A');
      git('commit', '--quiet', '-m', 'schema');
    },
  };
}

async function failureOf(work: Promise<void>): Promise<SchemaFailure> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof SchemaFailure)) throw new Error('The schema was accepted.', { cause: outcome });
  return outcome;
}

test('with no subgraph there is nothing to write and nothing to complain of', async () => {
  const repository = makeRepository();
  await repository.build();
  await repository.build({ check: true });
  expect(existsSync(join(repository.root, 'schema/supergraph.graphql'))).toBe(false);
});

test('printed schemas, supergraph and contracts are written, and a second run changes nothing', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  await repository.build();
  expect(repository.read('schema/sdl/shop.graphql')).toBe(`${shop}\n`);
  expect(repository.read('schema/supergraph.graphql')).toContain(
    '@join__graph(name: "stock", url: "http://stock.invalid/graphql")',
  );
  const staffSee = repository.read('schema/contracts/internal.graphql');
  expect(staffSee).toContain('warehouses: Int');
  expect(staffSee).not.toContain('cost');
  expect(staffSee).not.toContain('join__');
  repository.lines.length = 0;
  await repository.build();
  expect(repository.lines.filter((line) => line.startsWith('wrote'))).toEqual([]);
  await repository.build({ check: true });
});

test('the check writes nothing and names each file that is not up to date', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  await repository.build();
  rmSync(join(repository.root, 'subgraphs/stock'), { recursive: true });
  const failure = await failureOf(repository.build({ check: true }));
  expect(failure.details).toEqual([
    'schema/sdl/stock.graphql',
    'schema/supergraph.graphql',
    'schema/contracts/internal.graphql',
    'schema/contracts/public.graphql',
  ]);
  expect(existsSync(join(repository.root, 'schema/sdl/stock.graphql'))).toBe(true);
  await repository.build();
  expect(existsSync(join(repository.root, 'schema/sdl/stock.graphql'))).toBe(false);
});

test('subgraphs that do not fit together are refused with the reason', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock.replace('stock: Int', 'stock: Int name: Int!'));
  const failure = await failureOf(repository.build());
  expect(failure.message).toBe('The subgraphs do not compose.');
  expect(failure.details.join('\n')).toMatch(/^FIELD_TYPE_MISMATCH: .*Item\.name/);
});

test('a subgraph that cannot print its schema is named, with what it said', async () => {
  const repository = makeRepository();
  repository.put('subgraphs/shop/src/sdl.ts', "process.stderr.write('no such table'); process.exit(3);");
  const failure = await failureOf(repository.build());
  expect(failure.message).toContain('shop');
  expect(failure.details).toEqual(['no such table']);
});

test('what breaks clients is refused, until it is accepted with a reason', async () => {
  const repository = makeRepository();
  repository.startGit();
  repository.setSubgraph('shop', shop);
  await repository.build();
  repository.commit();
  repository.setSubgraph('shop', shop.replace('name: String!', 'title: String!'));
  const failure = await failureOf(repository.build());
  expect(failure.details).toEqual([
    "internal: FIELD_REMOVED Item.name: Field 'name' was removed from object type 'Item'",
    "public: FIELD_REMOVED Item.name: Field 'name' was removed from object type 'Item'",
    "partner: FIELD_REMOVED Item.name: Field 'name' was removed from object type 'Item'",
  ]);

  const accepted = 'schema/accepted-breaking-changes.json';
  repository.put(accepted, JSON.stringify([{ type: 'FIELD_REMOVED', path: 'Item.name', reason: '' }]));
  expect((await failureOf(repository.build())).message).toContain('none of them empty');
  repository.put(
    accepted,
    JSON.stringify([{ type: 'FIELD_REMOVED', path: 'Item.name', reason: 'Nobody has used it.' }]),
  );
  await repository.build({ check: true });
});

test('a breaking change is still found after it was committed', async () => {
  const repository = makeRepository();
  repository.startGit();
  repository.setSubgraph('shop', shop);
  await repository.build();
  repository.commit();
  repository.setSubgraph('shop', shop.replace('name: String!', 'title: String!'));
  await failureOf(repository.build());
  repository.commit();
  expect((await failureOf(repository.build({ check: true }))).details).toHaveLength(3);
});

test('a new field breaks nobody', async () => {
  const repository = makeRepository();
  repository.startGit();
  repository.setSubgraph('shop', shop);
  await repository.build();
  repository.commit();
  repository.setSubgraph('stock', stock);
  await repository.build();
});

test('each contract holds what was listed for it, and nothing else', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  await repository.build();
  const queries = (contract: string) =>
    /type Query {([^}]*)}/.exec(repository.read(`schema/contracts/${contract}.graphql`))?.[1]?.trim();
  expect(queries('internal')).toMatch(/items: .*\n.*warehouses: Int/);
  expect(queries('public')).toBe('items: [Item!]!');
  expect(repository.read('schema/contracts/public.graphql')).toContain('stock: Int');
  expect(repository.read('schema/contracts/partner.graphql')).toBe(
    'type Item {\n  name: String!\n}\n\ntype Query {\n  items: [Item!]!\n}\n',
  );
});

test('a field that leaves a contract breaks the callers of that contract, while staff still have it', async () => {
  const repository = makeRepository();
  repository.startGit();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  await repository.build();
  repository.commit();
  repository.setSubgraph('stock', stock.replace('@tag(name: "public")', ''));
  expect((await failureOf(repository.build())).details).toEqual([
    "public: FIELD_REMOVED Item.stock: Field 'stock' was removed from object type 'Item'",
  ]);
});

test('a contract that shows a field, but nothing of its type, says what to list', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop.replace('name: String! @tag(name: "public")', 'name: String!'));
  const failure = await failureOf(repository.build());
  expect(failure.message).toBe(
    'The contract "public" shows too much or too little. See subgraphs/*/src/contracts.ts.',
  );
  expect(failure.details).toEqual([
    'Type "Item" is @inaccessible but is referenced by "Query.items", which is in the API schema. List fields of that type for "public", or take out what refers to it.',
  ]);
});

test('a contract without a query, and one with a type to which nothing leads, are refused', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop.replace(`items: [Item!]! ${shown}`, `items: [Item!]!`));
  expect((await failureOf(repository.build())).details).toEqual([
    '"public" shows no query: list fields of Query.',
  ]);
  repository.setSubgraph(
    'shop',
    `${shop} type Till { coins: Int @tag(name: "public") } extend type Query { till: Till }`,
  );
  expect((await failureOf(repository.build())).details).toEqual([
    'Nothing that "public" shows leads to Till: take it out of the list.',
  ]);
});

test('an operation of our clients that the public contract cannot answer is named', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  repository.put('schema/operations/items.graphql', 'query Items { items { name } }');
  await repository.build();
  repository.put('schema/operations/prices.graphql', 'query Prices { items { price } }');
  repository.put('schema/operations/staff.graphql', 'query Staff { warehouses }');
  repository.put('schema/operations/twice.graphql', 'query Items { items { stock } }');
  repository.put('schema/operations/nameless.graphql', '{ items { stock } }');
  const failure = await failureOf(repository.build());
  expect(failure.details).toEqual([
    'nameless.graphql: A file takes one operation, with a name.',
    'prices.graphql: Cannot query field "price" on type "Item".',
    'staff.graphql: Cannot query field "warehouses" on type "Query".',
    'twice.graphql: There is another operation "Items".',
  ]);
});

test('the manifest names every operation by the hash of what clients send', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.put('schema/operations/items.graphql', '# For the front page.\nquery Items { items { name } }');
  await repository.build();
  const body = 'query Items {\n  items {\n    name\n  }\n}';
  expect(JSON.parse(repository.read('schema/manifest.json'))).toEqual({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: createHash('sha256').update(body).digest('hex'), name: 'Items', type: 'query', body }],
  });
  repository.put('schema/operations/items.graphql', 'query Items { items { __typename } }');
  expect((await failureOf(repository.build({ check: true }))).details).toEqual(['schema/manifest.json']);
});
