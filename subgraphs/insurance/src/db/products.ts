import { keysetPage, type Page } from '@banyan/kit/database';
import type { Wording } from '@banyan/kit/graphql';
import { sql, type ColumnType, type Kysely, type Selectable } from 'kysely';
import type { Question } from '../domain/questions.ts';
import type { Cover } from '../domain/words.ts';
import type { Database } from './database.ts';

/** Written as JSON text, read as what it says. */
export type Json<Value> = ColumnType<Value, string, never>;

/** A version of a product; it never changes. */
export interface ProductsTable {
  id: string;
  code: string;
  version: number;
  insurer_id: string;
  cover: Cover;
  name: Json<Wording>;
  age_min: number;
  age_max: number;
  /** ISO 3166 codes; a country covers its regions, none at all means everywhere. */
  regions: readonly string[];
  exclusions: Json<readonly Wording[]>;
  questions: Json<readonly Question[]>;
  currency: string;
  cooling_off_days: number;
  /** How long a quote stands. */
  quote_days: number;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type ProductRow = Selectable<ProductsTable>;

/** What a year costs at an age; without a region it holds wherever no other row does. */
export interface RatesTable {
  product_id: string;
  age_from: number;
  age_to: number;
  region_code: string | null;
  premium_minor: bigint;
}
export type RateRow = Selectable<RatesTable>;

export interface DocumentsTable {
  sha256: string;
  text: string;
}
export interface ProductDocumentsTable {
  product_id: string;
  position: number;
  title: Json<Wording>;
  sha256: string;
}
export type ProductDocumentRow = Selectable<ProductDocumentsTable>;

export function findProducts(db: Kysely<Database>, ids: readonly string[]): Promise<ProductRow[]> {
  return db.selectFrom('products').selectAll().where('id', 'in', ids).execute();
}

/** By code; each at the version asked for, or at its newest. */
export function findProductVersions(
  db: Kysely<Database>,
  wanted: readonly { code: string; version: number | null }[],
): Promise<ProductRow[]> {
  return db
    .selectFrom('products')
    .selectAll()
    .where((where) =>
      where.or(
        wanted.map(({ code, version }) =>
          where.and([
            where('code', '=', code),
            version === null ? isNewest() : where('version', '=', version),
          ]),
        ),
      ),
    )
    .execute();
}

export async function findNewestProduct(db: Kysely<Database>, code: string): Promise<ProductRow | undefined> {
  const [product] = await findProductVersions(db, [{ code, version: null }]);
  return product;
}

/** The newest version of every product: an insurer's shelf, some dozens of rows. */
export function findNewestProducts(db: Kysely<Database>): Promise<ProductRow[]> {
  return db.selectFrom('products').selectAll().where(isNewest()).orderBy('code').execute();
}

/** Newest versions by code, those that a person of that age in that region may have. */
export function pageOfProducts(
  db: Kysely<Database>,
  filter: { age: number | null; regionCode: string | null },
  page: { first: number; after: string | null },
): Promise<Page<ProductRow>> {
  let query = db.selectFrom('products').selectAll('products').where(isNewest());
  const { age, regionCode } = filter;
  if (age !== null) query = query.where('age_min', '<=', age).where('age_max', '>=', age);
  if (regionCode !== null) {
    query = query.where(
      sql<boolean>`(regions = '{}' or ${regionCode} = any(regions)
        or split_part(${regionCode}, '-', 1) = any(regions))`,
    );
  }
  return keysetPage(query, { ...page, orderBy: [{ column: 'products.code', direction: 'asc' }] });
}

function isNewest() {
  return sql<boolean>`not exists (
    select from products newer where newer.code = products.code and newer.version > products.version)`;
}

export function findRates(db: Kysely<Database>, productId: string): Promise<RateRow[]> {
  return db.selectFrom('rates').selectAll().where('product_id', '=', productId).execute();
}

/** Titles and hashes without the texts, which few ask for. */
export function findProductDocuments(
  db: Kysely<Database>,
  productIds: readonly string[],
): Promise<ProductDocumentRow[]> {
  return db
    .selectFrom('product_documents')
    .selectAll()
    .where('product_id', 'in', productIds)
    .orderBy('product_id')
    .orderBy('position')
    .execute();
}

export function findDocuments(
  db: Kysely<Database>,
  hashes: readonly string[],
): Promise<Selectable<DocumentsTable>[]> {
  return db.selectFrom('documents').selectAll().where('sha256', 'in', hashes).execute();
}
