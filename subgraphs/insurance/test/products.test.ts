import { createDatabase } from '@banyan/kit/database';
import { anyKey, dependency } from '@banyan/kit/events';
import { newId } from '@banyan/kit/graphql';
import { countQueries, sharedByTests, type GraphAnswer } from '@banyan/kit/testing';
import { castId, seedId } from '@banyan/seed';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());

interface Product {
  id: string;
  code: string;
  version: number;
  name: string;
  ageMin: number;
  ageMax: number;
  regions: string[];
  insurer: { id: string };
  documents: { title: string; sha256: string; text: string }[];
}
interface ListData {
  insuranceProducts: { nodes: Product[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}
const list = /* GraphQL */ `
  query ($age: Int, $regionCode: String, $first: Int, $after: String) {
    insuranceProducts(age: $age, regionCode: $regionCode, first: $first, after: $after) {
      nodes {
        id
        code
        version
        name
        ageMin
        ageMax
        regions
        insurer {
          id
        }
        documents {
          title
          sha256
          text
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

test('a page after another shows the newest version of every product, each once', async () => {
  const seen: Product[] = [];
  let after: string | null = null;
  do {
    const answer: GraphAnswer<ListData> = await insurance.ask(list, { first: 7, after });
    const { nodes, pageInfo } = answer.data.insuranceProducts;
    seen.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toHaveLength(20);
  expect(new Set(seen.map(({ code }) => code)).size).toBe(20);
  expect(seen.find(({ code }) => code === 'EVERGREEN-CARE')).toMatchObject({
    id: castId('product', 1),
    version: 2,
  });
});

test('what is shown for an age and a region suits both', async () => {
  const { data } = await insurance.ask<ListData>(list, { age: 75, regionCode: 'CN-SH' });
  const { nodes } = data.insuranceProducts;
  expect(nodes.length).toBeGreaterThan(3);
  for (const { ageMin, ageMax, regions } of nodes) {
    expect(ageMin <= 75 && ageMax >= 75).toBe(true);
    expect(regions.length === 0 || regions.includes('CN') || regions.includes('CN-SH')).toBe(true);
  }
  const abroad = await insurance.ask<ListData>(list, { age: 75, regionCode: 'SG' });
  const codes = abroad.data.insuranceProducts.nodes.map(({ code }) => code);
  expect(codes).toContain('LIONROCK-ACCIDENT');
  expect(codes).not.toContain('CALM-CITY');
});

test('an older version stays to be read, and is another entity', async () => {
  const query = /* GraphQL */ `
    query ($version: Int) {
      insuranceProduct(code: "EVERGREEN-CARE", version: $version) {
        id
        version
      }
    }
  `;
  const old = await insurance.ask(query, { version: 1 });
  expect(old.data).toEqual({ insuranceProduct: { id: seedId('prd', '1/1'), version: 1 } });
  const newest = await insurance.ask(query);
  expect(newest.data).toEqual({ insuranceProduct: { id: castId('product', 1), version: 2 } });
  expect((await insurance.ask(query, { version: 9 })).data).toEqual({ insuranceProduct: null });
});

test('the hash of a document is the hash of the text that is shown', async () => {
  const { data } = await insurance.ask<ListData>(list, { first: 20 });
  const documents = data.insuranceProducts.nodes.flatMap((product) => product.documents);
  expect(documents.length).toBe(40);
  for (const { sha256, text } of documents)
    expect(createHash('sha256').update(text, 'utf8').digest('hex')).toBe(sha256);
});

test('names come in the language of the caller', async () => {
  const query = '{ insuranceProduct(code: "CALM-CITY") { name documents { title } } }';
  const [en, zh] = await Promise.all([
    insurance.ask(query),
    insurance.ask(query, {}, null, 'zh-CN,zh;q=0.9'),
  ]);
  expect(en.data).toMatchObject({ insuranceProduct: { name: 'Calm City Medical' } });
  expect(zh.data).toMatchObject({
    insuranceProduct: { name: '安澜城市惠民保', documents: [{ title: '保险条款' }, {}] },
  });
});

test('gateways find a product by id and by code and version', async () => {
  const query = /* GraphQL */ `
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        ... on InsuranceProduct {
          code
          version
        }
      }
    }
  `;
  const r = [
    { __typename: 'InsuranceProduct', id: castId('product', 1) },
    { __typename: 'InsuranceProduct', code: 'EVERGREEN-CARE', version: 1 },
    { __typename: 'InsuranceProduct', code: 'NO-SUCH', version: 1 },
    { __typename: 'InsuranceProduct', id: 'prd_nonsense\u0000' },
  ];
  const { result, queries } = await countQueries(insurance.app.database, () => insurance.ask(query, { r }));
  expect(result.data).toEqual({
    _entities: [{ code: 'EVERGREEN-CARE', version: 2 }, { code: 'EVERGREEN-CARE', version: 1 }, null, null],
  });
  expect(queries).toBe(2);
});

test('a longer page asks the database no more often', async () => {
  const ask = (first: number) => countQueries(insurance.app.database, () => insurance.ask(list, { first }));
  const [two, twenty] = [await ask(2), await ask(20)];
  expect([two.queries, twenty.queries]).toEqual([3, 3]);
});

test.each([
  [{ age: -1 }, 'BAD_USER_INPUT'],
  [{ age: 1_000 }, 'BAD_USER_INPUT'],
  [{ age: 1e12 }, 'BAD_USER_INPUT'],
  [{ regionCode: 'the moon' }, 'BAD_USER_INPUT'],
  [{ regionCode: "CN'; drop table products" }, 'BAD_USER_INPUT'],
  [{ first: 0 }, 'BAD_USER_INPUT'],
  [{ first: 101 }, 'BAD_USER_INPUT'],
  [{ after: 'garbage' }, 'BAD_USER_INPUT'],
  [{ after: Buffer.from('["x"]').toString('base64url') }, 'BAD_USER_INPUT'],
])('a question that makes no sense is refused with a code: %j', async (variables, code) => {
  const answer = await insurance.ask(list, variables);
  expect(answer.errors?.[0]?.extensions.code).toBe(code);
});

test('a code that is none is no product', async () => {
  const answer = await insurance.ask('query ($code: String!) { insuranceProduct(code: $code) { id } }', {
    code: 'a\u0000b',
  });
  expect(answer).toEqual({ data: { insuranceProduct: null } });
});

/** Files another version of a product, and gives what the edge is told of it. */
async function fileVersion(code: string, version: number): Promise<string[]> {
  const owner = createDatabase({ url: insurance.ownerUrl, maxConnections: 1 });
  const { rows: before } = await sql`select from changes`.execute(owner.db);
  await sql`
    insert into products
    select (jsonb_populate_record(products, jsonb_build_object('id', ${newId('prd')}::text, 'version', ${version}::int))).*
    from products where code = ${code} order by version desc limit 1`.execute(owner.db);
  const { rows } = await sql<{ object: string }>`
    select type || ':' || subject as object from changes order by xid, position offset ${before.length}`.execute(
    owner.db,
  );
  await owner.destroy();
  return rows.map(({ object }) => object);
}

test('a copy is known to be wrong when a newer version is filed, and when what was not there is', async () => {
  const query = 'query ($code: String!) { insuranceProduct(code: $code) { version } }';
  const found = await insurance.dependenciesOf(query, { code: 'CALM-CITY' });
  const missing = await insurance.dependenciesOf(query, { code: 'NOT-YET' });
  const [told = '', ...more] = await fileVersion('CALM-CITY', 2);
  expect((await insurance.ask(query, { code: 'CALM-CITY' })).data).toEqual({
    insuranceProduct: { version: 2 },
  });
  expect([told.split(':')[0], more]).toEqual(['InsuranceProduct', []]);
  const isWrong = (dependencies: readonly string[]) =>
    dependencies.includes(told) || dependencies.includes(dependency('InsuranceProduct', anyKey));
  expect({ found: isWrong(found), missing: isWrong(missing) }).toEqual({ found: true, missing: true });
});
