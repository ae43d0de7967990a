import { defineConnection, isId, pageArgs, shownError } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { pageOfProducts, type ProductDocumentRow, type ProductRow } from '../db/products.ts';
import { productCodePattern } from '../domain/product-code.ts';
import type { Question } from '../domain/questions.ts';
import { regionCodePattern } from '../domain/regions.ts';
import { questionKinds } from '../domain/words.ts';
import { Organisation } from './organisation.ts';

const QuestionKind = builder.enumType('QuestionKind', { values: questionKinds });

// The draft has a `url`. There is no place yet that serves files to clients, and an address of the insurer's can show
// other bytes tomorrow; so the graph gives the very text that the hash is of. A `url` can join it.
const ProductDocument = builder.objectRef<ProductDocumentRow>('ProductDocument').implement({
  fields: (t) => ({
    title: t.string({ resolve: ({ title }, _args, { language }) => title[language] }),
    sha256: t.exposeString('sha256', {
      description: 'SHA-256 of the text in UTF-8, in hexadecimal: what `bindPolicy` wants accepted.',
    }),
    text: t.string({
      description: 'The whole document, in the languages in which it was filed.',
      resolve: async ({ sha256 }, _args, { loaders }) => {
        const document = await loaders.document.load(sha256);
        if (document === null) throw new Error('A product without its document.');
        return document.text;
      },
    }),
  }),
});

const ProductQuestion = builder.objectRef<Question>('ProductQuestion').implement({
  fields: (t) => ({
    key: t.exposeString('key'),
    text: t.string({ resolve: ({ text }, _args, { language }) => text[language] }),
    kind: t.expose('kind', { type: QuestionKind }),
    choices: t.stringList({ resolve: ({ choices }) => [...choices] }),
    required: t.exposeBoolean('required'),
  }),
});

export const InsuranceProduct = builder.objectRef<ProductRow>('InsuranceProduct').implement({
  description: 'One version of a product. It never changes; a change is a new version.',
  fields: (t) => ({
    id: t.exposeID('id'),
    code: t.exposeString('code'),
    version: t.exposeInt('version'),
    name: t.string({ resolve: ({ name }, _args, { language }) => name[language] }),
    insurer: t.field({
      type: Organisation,
      nullable: true,
      resolve: ({ insurer_id }) => ({ id: insurer_id }),
    }),
    ageMin: t.exposeInt('age_min'),
    ageMax: t.exposeInt('age_max'),
    regions: t.stringList({
      description: 'ISO 3166 codes; a country stands for all its regions, no code at all for everywhere.',
      resolve: ({ regions }) => [...regions],
    }),
    documents: t.field({
      type: [ProductDocument],
      directives: { listSize: { assumedSize: 5 } },
      resolve: async ({ id }, _args, { loaders }) => [...(await loaders.productDocuments.load(id))],
    }),
    exclusions: t.stringList({
      resolve: ({ exclusions }, _args, { language }) => exclusions.map((exclusion) => exclusion[language]),
    }),
    questions: t.field({
      type: [ProductQuestion],
      directives: { listSize: { assumedSize: 10 } },
      resolve: ({ questions }) => [...questions],
    }),
    coolingOffDays: t.exposeInt('cooling_off_days'),
  }),
});

function productByCode(
  { loaders }: Context,
  code: string,
  version: number | null,
): Promise<ProductRow | null> {
  return productCodePattern.test(code)
    ? loaders.productVersion.load({ code, version })
    : Promise.resolve(null);
}

builder.asEntity(InsuranceProduct, {
  key: [
    builder.selection<{ id: string }>('id'),
    builder.selection<{ code: string; version: number }>('code version'),
  ],
  resolveReference: (reference, context) => {
    if ('code' in reference) return productByCode(context, reference.code, reference.version);
    return isId('prd', reference.id) ? context.loaders.product.load(reference.id) : null;
  },
});

const InsuranceProductConnection = defineConnection(builder, 'InsuranceProduct', InsuranceProduct);

const oldestAge = 150;

builder.queryField('insuranceProducts', (t) =>
  t.field({
    type: InsuranceProductConnection,
    description:
      'The newest version of each product, those that a person of that age in that region may have.',
    args: {
      age: t.arg.int({ required: false }),
      regionCode: t.arg.string({ required: false }),
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (_root, args, { db }) => {
      const age = args.age ?? null;
      const regionCode = args.regionCode ?? null;
      if (age !== null && (age < 0 || age > oldestAge))
        throw shownError('BAD_USER_INPUT', `"age" takes 0 to ${oldestAge}.`);
      if (regionCode !== null && !regionCodePattern.test(regionCode))
        throw shownError('BAD_USER_INPUT', '"regionCode" takes an ISO 3166 code, such as CN-SH.');
      return pageOfProducts(db, { age, regionCode }, pageArgs(args));
    },
  }),
);

builder.queryField('insuranceProduct', (t) =>
  t.field({
    type: InsuranceProduct,
    nullable: true,
    args: { code: t.arg.string(), version: t.arg.int({ required: false }) },
    resolve: (_root, { code, version }, context) => productByCode(context, code, version ?? null),
  }),
);
