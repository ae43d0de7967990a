import { expect, test } from 'vitest';
import { expectOfBoth, Graph } from './graph.ts';

const animals = `union Animal = Dog | Cat  type Dog @key(fields: "id") { id: ID! }  type Cat @key(fields: "id") { id: ID! }`;
const dog = { __typename: 'Dog', id: '1' };
const cat = { __typename: 'Cat', id: '2' };
const found = (reference: unknown) => reference;

/** The same dog on a post and in its comments. Its size is never null, so that a plan renames it beside that of cats. */
const talk = () =>
  Graph.open({
    posts: {
      sdl: `type Query { post: Post }  type Post @key(fields: "id") { id: ID!  about: Animal }  ${animals}`,
      resolvers: { Query: { post: () => ({ id: 'p', about: dog }) } },
    },
    threads: {
      sdl: `type Post @key(fields: "id") { id: ID!  comments: [Comment] }  type Comment { about: Animal }  ${animals}`,
      resolvers: { Post: { __resolveReference: found, comments: () => [{ about: dog }, { about: cat }] } },
    },
    sizes: {
      sdl: `type Dog @key(fields: "id") { id: ID!  size: Int! @shareable }
        type Cat @key(fields: "id") { id: ID!  size: Int }`,
      resolvers: {
        Dog: { __resolveReference: found, size: () => 60 },
        Cat: { __resolveReference: found, size: () => 30 },
      },
    },
    kennel: {
      sdl: `type Dog @key(fields: "id") { id: ID!  size: Int @shareable }`,
      resolvers: { Dog: { __resolveReference: found, size: () => 60 } },
    },
  });

test('what is known of an entity from further up has the client’s names where the plan renames them', async () => {
  const animal = 'about { ... on Dog { size } ... on Cat { size } }';
  const asked = await expectOfBoth(await talk(), `{ post { ${animal} comments { ${animal} } } }`, {
    data: { post: { about: { size: 60 }, comments: [{ about: { size: 60 } }, { about: { size: 30 } }] } },
  });
  const sizes = asked.filter(({ subgraph }) => subgraph === 'sizes');
  expect(sizes.map(({ representations }) => representations)).toEqual([[dog], [cat]]);
  for (const { query } of sizes) expect(query).toContain('size__alias_0:size');
});
