import { insertMany } from '@banyan/kit/database';
import { castId, organisationOf, products, seedId, type SeedDay } from '@banyan/seed';
import { createHash } from 'node:crypto';
import type { Insertable, Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import type { ProductsTable, RateRow } from '../db/products.ts';
import { coverNames } from '../domain/words.ts';
import { catalogue, exclusionsOf, hasOlderVersion, questionsOf, type CatalogueRow } from './catalogue.ts';

/** A version of a product of the seed. */
export interface SeedProduct {
  readonly row: CatalogueRow;
  readonly id: string;
  readonly version: number;
  readonly insurer: number;
  readonly currency: string;
  readonly rates: readonly RateRow[];
}

const bands = [
  [18, 44, 100],
  [45, 59, 160],
  [60, 69, 240],
  [70, 80, 330],
  [81, 100, 450],
] as const;
/** Where care costs more, so does insuring it. */
const dearRegions = ['CN-BJ', 'CN-SH'];
export const coolingOffDays = 15;
export const quoteDays = 14;

/** Every version, the cast's own id on the newest. */
export const seedProducts: readonly SeedProduct[] = catalogue.flatMap((row) => {
  const newest = hasOlderVersion(row) ? 2 : 1;
  return Array.from({ length: newest }, (_, index) => versionOf(row, index + 1, newest));
});

function versionOf(row: CatalogueRow, version: number, newest: number): SeedProduct {
  const id = version === newest ? castId('product', row.number) : seedId('prd', `${row.number}/${version}`);
  const insurer = products[row.number - 1]?.insurer ?? 17;
  const currency = organisationOf(insurer).regionCode === 'HK' ? 'HKD' : 'CNY';
  // A newer version costs a little more.
  const percent = 100 + (version - 1) * 5;
  return { row, id, version, insurer, currency, rates: ratesOf(row, id, percent) };
}

function ratesOf(
  { ages: [min, max], regions, baseMinor }: CatalogueRow,
  id: string,
  percent: number,
): RateRow[] {
  const dear = dearRegions.filter((code) => regions.some((region) => region === 'CN' || region === code));
  return bands
    .filter(([from, to]) => from <= max && to >= min)
    .flatMap(([from, to, factor]) =>
      [null, ...dear].map((regionCode) => ({
        product_id: id,
        age_from: Math.max(from, min),
        age_to: Math.min(to, max),
        region_code: regionCode,
        premium_minor: BigInt(
          Math.round((baseMinor * factor * percent * (regionCode === null ? 100 : 112)) / 1e6),
        ),
      })),
    );
}

interface SeedDocument {
  readonly title: { zh: string; en: string };
  readonly text: string;
  readonly sha256: string;
}

function documentsOf(product: SeedProduct): SeedDocument[] {
  return [
    document({ zh: '保险条款', en: 'Terms' }, termsOf(product)),
    document({ zh: '产品说明书', en: 'Key facts' }, keyFactsOf(product)),
  ];
}

function document(title: { zh: string; en: string }, text: string): SeedDocument {
  return { title, text, sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
}

function termsOf({ row, version, insurer }: SeedProduct): string {
  const { name, latinName } = organisationOf(insurer);
  const exclusions = exclusionsOf[row.cover];
  return `${row.name.zh}（第 ${version} 版）保险条款
保险人：${name}

第一条 本合同自缴费次日零时起生效，保险期间一年。
第二条 保障内容：${coverNames[row.cover].zh}。
第三条 投保年龄：${row.ages[0]} 至 ${row.ages[1]} 周岁。
第四条 责任免除：${exclusions.map(({ zh }) => zh).join('；')}。
第五条 犹豫期为生效后 ${coolingOffDays} 日，期间退保全额退还保险费。
第六条 投保人应如实告知；未如实告知的，保险人可依法解除合同。

${row.name.en}, version ${version}: terms
Insurer: ${latinName}

1. Cover begins at the midnight after payment and lasts a year.
2. Covered: ${coverNames[row.cover].en.toLowerCase()}.
3. Ages at entry: ${row.ages[0]} to ${row.ages[1]}.
4. Not covered: ${exclusions.map(({ en }) => en.toLowerCase()).join('; ')}.
5. Cooling-off: ${coolingOffDays} days from the start of cover, with the whole premium back.
6. The holder answers the insurer's questions truthfully; otherwise the insurer may rescind as the law allows.
`;
}

function keyFactsOf({ row, currency, rates }: SeedProduct): string {
  const lines = rates
    .filter(({ region_code }) => region_code === null)
    .map(
      ({ age_from, age_to, premium_minor }) =>
        `${age_from}–${age_to}: ${Number(premium_minor) / 100} ${currency}`,
    );
  return `${row.name.zh} 产品说明书 / ${row.name.en}: key facts

年保费 Premium a year
${lines.join('\n')}

京沪地区费率另计。Rates differ in Beijing and Shanghai.
如何理赔：登录后提交申请与单据。To claim, sign in and hand in the papers.
`;
}

function toRow(product: SeedProduct, day: SeedDay): Insertable<ProductsTable> {
  const { row, id, version, insurer, currency } = product;
  return {
    id,
    code: row.code,
    version,
    insurer_id: organisationOf(insurer).id,
    cover: row.cover,
    name: JSON.stringify(row.name),
    age_min: row.ages[0],
    age_max: row.ages[1],
    regions: [...row.regions],
    exclusions: JSON.stringify(exclusionsOf[row.cover]),
    questions: JSON.stringify(questionsOf[row.cover]),
    currency,
    cooling_off_days: coolingOffDays,
    quote_days: quoteDays,
    created_at: day.at(-900 + version * 200),
  };
}

/** Products of four insurers with their rates, questions and documents. */
export async function loadProducts(trx: Transaction<Database>, day: SeedDay): Promise<void> {
  const papers = seedProducts.map((product) => ({ product, documents: documentsOf(product) }));
  const texts = new Map(
    papers.flatMap(({ documents }) => documents.map(({ sha256, text }) => [sha256, text])),
  );
  await insertMany(
    trx,
    'products',
    seedProducts.map((product) => toRow(product, day)),
  );
  await insertMany(
    trx,
    'rates',
    seedProducts.flatMap(({ rates }) => rates),
  );
  await insertMany(
    trx,
    'documents',
    Array.from(texts, ([sha256, text]) => ({ sha256, text })),
  );
  await insertMany(
    trx,
    'product_documents',
    papers.flatMap(({ product, documents }) =>
      documents.map(({ title, sha256 }, position) => ({
        product_id: product.id,
        position,
        title: JSON.stringify(title),
        sha256,
      })),
    ),
  );
}
