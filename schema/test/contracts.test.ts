import { ContractFailure, toContractSchema } from '@banyan/kit/contracts';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { composeSubgraphs } from '../src/compose.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@tag"])';
const shown = '@tag(name: "partner")';

function partnerSees(...subgraphs: string[]): string {
  const { supergraph } = composeSubgraphs(
    subgraphs.map((sdl, index) => ({ name: `part${index}`, sdl: `${link}\n${sdl}` })),
  );
  return printSchema(lexicographicSortSchema(toContractSchema(supergraph, 'partner')));
}

test('interfaces, members of unions, inputs, arguments and enums that nobody named are not there', () => {
  expect(
    partnerSees(`
      type Query { find(kind: Kind ${shown}, mood: Mood): Found ${shown}  hidden(how: How): Named }
      union Found ${shown} = Shop | Person
      interface Named { name: String! }
      type Shop implements Named { name: String! ${shown}  owner: Person }
      type Person implements Named { name: String! }
      enum Kind ${shown} { BIG }
      enum Mood ${shown} { GOOD }
      input How { deep: Boolean }`),
  ).toBe(
    [
      'union Found = Shop',
      'enum Kind {\n  BIG\n}',
      'enum Mood {\n  GOOD\n}',
      'type Query {\n  find(kind: Kind, mood: Mood): Found\n}',
      'type Shop {\n  name: String!\n}',
    ].join('\n\n'),
  );
});

test('a field that several subgraphs serve is shown when one of them lists it', () => {
  expect(
    partnerSees(
      `type Query { price: Money ${shown} } type Money @shareable { minor: Int ${shown} }`,
      `type Query { cost: Money } type Money @shareable { minor: Int }`,
    ),
  ).toBe('type Money {\n  minor: Int\n}\n\ntype Query {\n  price: Money\n}');
});

test('a union of which no member is shown, and an argument whose type is hidden, are refused', () => {
  const failure = (sdl: string) => {
    try {
      return partnerSees(sdl);
    } catch (error) {
      return error instanceof ContractFailure ? error.details.join('\n') : error;
    }
  };
  expect(
    failure(`
      type Query { find: Found ${shown} }
      union Found ${shown} = Person
      type Person { name: String! }`),
  ).toContain('"Found"');
  expect(failure(`type Query { find(how: How!): Int ${shown} } input How { deep: Boolean }`)).toContain(
    'List fields of that type for "partner"',
  );
});
