import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildSchemaFiles } from '../src/build-schema.ts';
import { SchemaFailure } from '../src/schema-failure.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@inaccessible"])';
const shop = `${link}
  type Query { items: [Item!]! }
  type Item @key(fields: "id") { id: ID! name: String! cost: Int @inaccessible }`;
const stock = `${link}
  type Query { warehouses: Int }
  type Item @key(fields: "id") { id: ID! stock: Int }`;

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

test('printed schemas, supergraph and API schema are written, and a second run changes nothing', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.setSubgraph('stock', stock);
  await repository.build();
  expect(repository.read('schema/sdl/shop.graphql')).toBe(`${shop}\n`);
  expect(repository.read('schema/supergraph.graphql')).toContain(
    '@join__graph(name: "stock", url: "http://stock.invalid/graphql")',
  );
  const api = repository.read('schema/api.graphql');
  expect(api).toContain('stock: Int');
  expect(api).not.toContain('cost');
  expect(api).not.toContain('join__');
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
    'schema/api.graphql',
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
    "FIELD_REMOVED Item.name: Field 'name' was removed from object type 'Item'",
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
  expect((await failureOf(repository.build({ check: true }))).details).toHaveLength(1);
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

test('an example operation that the graph cannot answer is named', async () => {
  const repository = makeRepository();
  repository.setSubgraph('shop', shop);
  repository.put('schema/operations/items.graphql', '{ items { name } }');
  await repository.build();
  repository.put('schema/operations/prices.graphql', '{ items { price } }');
  const failure = await failureOf(repository.build());
  expect(failure.details).toEqual(['prices.graphql: Cannot query field "price" on type "Item".']);
});
