import { expect, test } from 'vitest';
import { tagSdl } from '../src/contracts/tag-sdl.ts';

const sdl = `
type Query {
  things(kind: Kind, near: Near, after: String): ThingConnection!
  secret: Secret
}
type Mutation { rename(input: RenameInput!): RenamePayload! }
type Thing { id: ID! kind: Kind! price: Money! shape: Shape cost: Int @inaccessible mark: Int @external }
type ThingConnection { edges: [ThingEdge!]! nodes: [Thing!]! pageInfo: PageInfo! }
type ThingEdge { cursor: String! node: Thing! }
type PageInfo { hasNextPage: Boolean! }
type Money { minor: BigInt! }
type Secret { word: String! }
type Round { radius: Int! }
type RenamePayload { thing: Thing userErrors: [ThingsUserError!]! }
type ThingsUserError implements UserError { code: ErrorCode! message: String! }
interface UserError { message: String! }
union Shape = Round | Secret
enum Kind { BIG SMALL }
enum ErrorCode { NOT_FOUND }
input Near { place: Place! }
input Place { name: String! }
input RenameInput { name: String! }
scalar BigInt`;

/** Coordinates that carry a contract's tag. */
function tagged(lists: Record<string, readonly string[] | '*'>): string[] {
  let type = '';
  return tagSdl(sdl, { partner: lists })
    .split('\n')
    .flatMap((line) => {
      const opened = /^(?:type|interface|union|enum|input|scalar) (\w+)/.exec(line)?.[1];
      type = opened ?? type;
      if (!line.includes('@tag(name: "partner")')) return [];
      return opened === undefined ? [`${type}.${/\w+/.exec(line)?.[0]}`] : [type];
    });
}

test('a listed field is tagged with the inputs, enums, scalars and wrappers that it cannot do without', () => {
  expect(tagged({ Query: ['things'], Thing: ['id', 'price'] })).toEqual([
    'Query.things',
    'Thing.id',
    'Thing.price',
    'ThingConnection.edges',
    'ThingConnection.nodes',
    'ThingConnection.pageInfo',
    'ThingEdge.cursor',
    'ThingEdge.node',
    'PageInfo.hasNextPage',
    'Money.minor',
    'Kind',
    'Near',
    'Place',
    'BigInt',
  ]);
});

test('user errors come with the payload that has them, and nothing of what the payload changed does', () => {
  expect(tagged({ Mutation: ['rename'], RenamePayload: '*' })).toEqual([
    'Mutation.rename',
    'RenamePayload.thing',
    'RenamePayload.userErrors',
    'ThingsUserError.code',
    'ThingsUserError.message',
    'UserError.message',
    'ErrorCode',
    'RenameInput',
  ]);
});

test('"*" leaves out what another subgraph gives and what no client may see', () => {
  expect(tagged({ Thing: '*' })).toEqual([
    'Thing.id',
    'Thing.kind',
    'Thing.price',
    'Thing.shape',
    'Money.minor',
    'Shape',
    'Kind',
    'BigInt',
  ]);
});

test.each([
  [{ Query: '*' }, 'lists Query with "*": say which of its fields'],
  [{ Query: ['thing'] }, 'lists Query.thing, which does not exist'],
  [{ Ring: ['id'] }, 'lists Ring, which is no type with fields'],
  [{ Kind: '*' }, 'lists Kind, which is no type with fields'],
  [{ Thing: ['cost'] }, 'lists Thing.cost, which no client may see here'],
] as const)('a wrong list says what is wrong with it: %j', (lists, problem) => {
  expect(() => tagSdl(sdl, { partner: lists })).toThrow(`The contract "partner" ${problem}.`);
});
