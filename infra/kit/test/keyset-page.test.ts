import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  InvalidCursor,
  createDatabase,
  grantReadWrite,
  keysetPage,
  keysetPagePerParent,
} from '../src/database/database.ts';
import type { Database, Migrations, Page } from '../src/database/database.ts';
import { decodeCursor, encodeCursor } from '../src/database/keyset-cursor.ts';
import { countQueries, createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

interface Schema {
  item: { id: bigint; parent: string; name: string; at: Date; score: number };
}

const migrations: Migrations = {
  '0001-item': {
    up: async (db) => {
      await sql`create table item (id bigint primary key, parent text not null, name text not null,
        at timestamptz not null, score float8 not null)`.execute(db);
      await grantReadWrite(db, 'item');
      // Times a microsecond apart, two rows at each; names with letters that JSON and SQL must quote.
      await sql`insert into item
        select 9007199254740993 + n, 'p' || n % 4, E'n"\\'\\\\善' || n % 7,
          timestamptz '2026-01-01 00:00:00Z' + (n / 2) * interval '1 microsecond', (n % 5) / 3.0
        from generate_series(0, 39) as n`.execute(db);
    },
  },
};

let testDatabase: TestDatabase;
let database: Database<Schema>;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ name: 'kit', migrations });
  database = createDatabase<Schema>({ url: testDatabase.url });
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

type Column = 'id' | 'item.at' | 'name' | 'score';
type Order = readonly { column: Column; direction: 'asc' | 'desc' }[];

async function page(orderBy: Order, first: number, after?: string | null) {
  return keysetPage(database.db.selectFrom('item').select(['id', 'name']), { first, after, orderBy });
}

async function walk(orderBy: Order, first: number): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo }: Page<{ id: bigint }> = await page(orderBy, first, after);
    ids.push(...nodes.map((node) => node.id));
    if (!pageInfo.hasNextPage) return ids;
    after = pageInfo.endCursor;
  }
}

describe('walking a list page by page', () => {
  const orders: readonly (readonly [string, Order])[] = [
    [
      'microseconds descending',
      [
        { column: 'item.at', direction: 'desc' },
        { column: 'id', direction: 'desc' },
      ],
    ],
    [
      'text ascending',
      [
        { column: 'name', direction: 'asc' },
        { column: 'id', direction: 'asc' },
      ],
    ],
    [
      'two directions',
      [
        { column: 'name', direction: 'asc' },
        { column: 'id', direction: 'desc' },
      ],
    ],
    [
      'a fraction, then three columns in two directions',
      [
        { column: 'score', direction: 'desc' },
        { column: 'item.at', direction: 'asc' },
        { column: 'id', direction: 'desc' },
      ],
    ],
  ];
  test.each(orders)('meets every row once and in order: %s', async (_name, orderBy) => {
    const all = await page(orderBy, 500);
    expect(all.nodes).toHaveLength(40);
    for (const first of [1, 3, 20, 40]) {
      expect(await walk(orderBy, first)).toEqual(all.nodes.map((node) => node.id));
    }
  });
});

const byId: Order = [{ column: 'id', direction: 'asc' }];

test('a page says where it lies and its nodes hold only what was asked for', async () => {
  const start = await page(byId, 2);
  expect(start.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(start.pageInfo.endCursor).toBe(start.edges[1]?.cursor);
  expect(Object.keys(start.nodes[0] ?? {})).toEqual(['id', 'name']);
  const end = await page(byId, 38, start.pageInfo.endCursor);
  expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const nothing = await page(byId, 1, end.pageInfo.endCursor);
  expect(nothing).toMatchObject({ edges: [], pageInfo: { startCursor: null, endCursor: null } });
  expect((await page(byId, 0)).pageInfo.hasNextPage).toBe(true);
});

describe('a cursor', () => {
  test('holds any text unchanged, and whatever else it is given is refused, never a crash', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(texts, (values) => {
        expect(decodeCursor(encodeCursor('order1', values), 'order1', values.length)).toEqual(values);
      }),
    );
    const garbage = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => btoa(encodeURI(json))),
    );
    fc.assert(
      fc.property(garbage, (cursor) => {
        expect(() => decodeCursor(cursor, 'order1', 1)).toThrow(InvalidCursor);
      }),
    );
  });

  test.each(['', 'x', '%%%', 'W10', 'bnVsbA', 'a'.repeat(5000), "' or 1=1"])(
    'of garbage is refused: %s',
    async (after) => {
      await expect(page(byId, 1, after)).rejects.toThrow(InvalidCursor);
    },
  );

  test('of another order is refused', async () => {
    const other = await page([{ column: 'id', direction: 'desc' }], 1);
    await expect(page(byId, 1, other.pageInfo.endCursor)).rejects.toThrow(InvalidCursor);
  });

  test('with a value that its column cannot hold is refused', async () => {
    const { pageInfo } = await page(byId, 1);
    const [fingerprint] = JSON.parse(
      Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString(),
    ) as string[];
    for (const value of ['ten', '1e400', '9'.repeat(40), '\u0000']) {
      const forged = Buffer.from(JSON.stringify([fingerprint, value])).toString('base64url');
      await expect(page(byId, 1, forged)).rejects.toThrow(InvalidCursor);
    }
  });
});

describe('pages of many parents', () => {
  const query = () => database.db.selectFrom('item').select(['id', 'parent']);

  test('come with one query, whatever their number, and equal the pages asked for one by one', async () => {
    const requests = ['p2', 'p0', 'nobody', 'p1', 'p2'].map((parent) => ({ parent, first: 3 }));
    const { result, queries } = await countQueries(database, async () =>
      keysetPagePerParent(database.db, query(), { parentColumn: 'item.parent', requests, orderBy: byId }),
    );
    expect(queries).toBe(1);
    const oneByOne = await Promise.all(
      requests.map(async ({ parent, first }) =>
        keysetPage(query().where('parent', '=', parent), { first, orderBy: byId }),
      ),
    );
    expect(result).toEqual(oneByOne);
    expect(result[2]?.nodes).toEqual([]);
  });

  test('continue behind their cursors, each its own', async () => {
    const orderBy: Order = [
      { column: 'item.at', direction: 'desc' },
      { column: 'id', direction: 'desc' },
    ];
    const parents = ['p0', 'p1', 'p2', 'p3'];
    const args = { parentColumn: 'parent', orderBy } as const;
    const start = await keysetPagePerParent(database.db, query(), {
      ...args,
      requests: parents.map((parent) => ({ parent, first: 4 })),
    });
    const rest = await keysetPagePerParent(database.db, query(), {
      ...args,
      requests: parents.map((parent, at) => ({ parent, first: 6, after: start[at]?.pageInfo.endCursor })),
    });
    const ids = [...start, ...rest].flatMap(({ nodes }) => nodes.map((node) => node.id));
    expect(new Set(ids).size).toBe(40);
    expect(rest.every(({ pageInfo }) => pageInfo.hasPreviousPage && !pageInfo.hasNextPage)).toBe(true);
  });

  test('refuse a garbage cursor', async () => {
    const requests = [{ parent: 'p0', first: 1, after: 'garbage' }];
    const args = { parentColumn: 'parent', requests, orderBy: byId } as const;
    await expect(keysetPagePerParent(database.db, query(), args)).rejects.toThrow(InvalidCursor);
  });
});
