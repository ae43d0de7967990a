import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

const media = [
  { __typename: 'Book', id: 'b', title: 'Tea', isbn: '1' },
  { __typename: 'Film', id: 'f', title: 'Rain', minutes: 0 },
];

/** An entity interface in one subgraph, an interface object for it in another. */
const library = (best = ['f', 'b'], stars = (id: string) => (id === 'b' ? 5 : 0)) =>
  Graph.open({
    catalogue: {
      sdl: `type Query { media: [Media]  first: Media }
        interface Media @key(fields: "id") { id: ID!  title: String }
        type Book implements Media @key(fields: "id") { id: ID!  title: String  isbn: String! }
        type Film implements Media @key(fields: "id") { id: ID!  title: String  minutes: Int }`,
      resolvers: {
        Query: { media: () => [media[0], null, media[1]], first: () => media[1] },
        Media: {
          __resolveReference: ({ id }: { id: string }) => media.find((each) => each.id === id) ?? null,
        },
        Book: { __resolveReference: ({ id }: { id: string }) => media.find((each) => each.id === id) },
        Film: { __resolveReference: ({ id }: { id: string }) => media.find((each) => each.id === id) },
      },
    },
    ratings: {
      sdl: `type Query { best: [Media!] }
        type Media @interfaceObject @key(fields: "id") { id: ID!  stars: Int  title: String @external
          praise: String @requires(fields: "title") }`,
      resolvers: {
        Query: { best: () => best.map((id) => ({ id })) },
        Media: {
          __resolveReference: (reference: { id: string }) => reference,
          stars: ({ id }: { id: string }) => stars(id),
          praise: ({ title }: { title?: string }) => {
            if (title === undefined) throw new Error('Nobody told the title.');
            return `${title}!`;
          },
        },
      },
    },
  });

describe('an interface that has a key', () => {
  test('gets fields for all its types from a subgraph that knows none of them', async () => {
    await expectOfBoth(await library(), '{ media { __typename id stars praise ... on Book { isbn } } }', {
      data: {
        media: [
          { __typename: 'Book', id: 'b', stars: 5, praise: 'Tea!', isbn: '1' },
          null,
          { __typename: 'Film', id: 'f', stars: 0, praise: 'Rain!' },
        ],
      },
    });
  });

  test('gets its real types where that subgraph begins', async () => {
    await expectOfBoth(await library(), '{ best { __typename stars ... on Film { minutes } } }', {
      data: {
        best: [
          { __typename: 'Film', stars: 0, minutes: 0 },
          { __typename: 'Book', stars: 5 },
        ],
      },
    });
  });

  test('gets a field for all its types beside one that needs more, which is asked of one type', async () => {
    const query = '{ media { stars ... on Film { __typename praise } } }';
    await expectOfEach(await library(), query, {
      ours: { data: { media: [{ stars: 5 }, null, { stars: 0, __typename: 'Film', praise: 'Rain!' }] } },
      stock: { data: { media: [{ stars: null }, null, { stars: 0 }] } },
    });
  });

  test('tells of what goes wrong at a field that was asked of the type, and not at one of another type', async () => {
    const fail = (): never => {
      throw new Error('Nobody counted.');
    };
    const { ours } = await (
      await library(['f', 'b'], fail)
    ).ask('{ media { stars ... on Film { praise } } }', {});
    expect(ours).toEqual({
      data: { media: [{ stars: null }, null, { stars: null, praise: 'Rain!' }] },
      errors: [
        { message: 'Nobody counted.', path: ['media', 0, 'stars'] },
        { message: 'Nobody counted.', path: ['media', 2, 'stars'] },
      ],
    });
  });

  test('tells of what goes wrong at a field of another type where that takes a part of an object along', async () => {
    const graph = await Graph.open({
      catalogue: {
        sdl: `type Query { media: [Media] }
          interface Media @key(fields: "id") { id: ID!  title: String  cover: Cover }
          type Book implements Media @key(fields: "id") { id: ID!  title: String  cover: Cover @shareable }
          type Film implements Media @key(fields: "id") { id: ID!  title: String  cover: Cover @shareable }
          type Cover { text: String }`,
        resolvers: { Query: { media: () => media.map((each) => ({ ...each, cover: { text: 'x' } })) } },
      },
      ratings: {
        sdl: `type Media @interfaceObject @key(fields: "id") { id: ID!  cover: Cover @shareable  title: String @external
            praise: String! @requires(fields: "title") }
          type Cover { colour: String }`,
        resolvers: {
          Media: {
            __resolveReference: (reference: { id: string }) => ({ ...reference, cover: { colour: 'red' } }),
            praise: ({ title }: { title?: string }) => title,
          },
        },
      },
    });
    const { ours } = await graph.ask('{ media { cover { text colour } ... on Film { praise } } }', {});
    expect(ours).toEqual({
      data: {
        media: [
          { cover: { text: 'x', colour: null } },
          { cover: { text: 'x', colour: 'red' }, praise: 'Rain' },
        ],
      },
      errors: [
        { message: 'Cannot return null for non-nullable field Media.praise.', path: ['media', 0, 'praise'] },
      ],
    });
  });

  test('is not asked for objects without a key, which a plan names where it asks more of another type', async () => {
    const query = '{ best { ... on Film { id praise } ... on Book { id isbn } } }';
    await expectOfEach(await library(['b']), query, {
      ours: { data: { best: [{ id: 'b', isbn: '1' }] } },
      stock: {
        data: { best: [{ id: 'b', isbn: '1' }] },
        errors: [{ message: 'Cannot return null for non-nullable field Media.id.', path: ['best', 0, 'id'] }],
      },
    });
  });

  test('gets no field worked out without what that requires, where nobody knows the object', async () => {
    await expectOfBoth(await library(['f', 'x']), '{ best { praise } }', {
      data: { best: [{ praise: 'Rain!' }, { praise: null }] },
    });
  });

  test('lends its fields to one of its types', async () => {
    await expectOfBoth(await library(), '{ first { ... on Film { stars minutes } ... on Book { stars } } }', {
      data: { first: { stars: 0, minutes: 0 } },
    });
  });
});

/** Unions and interfaces whose members disagree about a field, and are completed by another subgraph. */
const search = (sizeOfNote: () => number = () => 0) =>
  Graph.open({
    search: {
      sdl: `type Query { found: [[Found]]  one: Found }
        union Found = Person | Course | Note
        type Person @key(fields: "id") { id: ID! }  type Course @key(fields: "id") { id: ID!  size: Int @shareable }
        type Note @shareable { text: String!  size: Int! }`,
      resolvers: {
        Note: { size: sizeOfNote },
        Query: {
          found: () => [
            [{ __typename: 'Person', id: '1' }, { __typename: 'Course', id: '1', size: 7 }, null],
            null,
            [
              { __typename: 'Note', text: '' },
              { __typename: 'Person', id: '2' },
            ],
          ],
          one: () => ({ __typename: 'Course', id: '9', size: null }),
        },
      },
    },
    people: {
      sdl: `type Person @key(fields: "id") { id: ID!  name: String }`,
      resolvers: {
        Person: {
          __resolveReference: ({ id }: { id: string }) => ({ id, name: `P${id}` }),
        },
      },
    },
    courses: {
      sdl: `interface Sized { size: Int }  type Note implements Sized @shareable { text: String!  size: Int! }
        type Course implements Sized @key(fields: "id") { id: ID!  name: String  size: Int @shareable }`,
      resolvers: {
        Course: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `C${id}`, size: 0 }) },
      },
    },
  });

describe('one of several types', () => {
  test('is completed by its own subgraph, in lists of lists with nulls', async () => {
    const asked = await expectOfBoth(
      await search(),
      '{ found { ... on Person { name } ... on Course { name } ... on Note { text } } }',
      { data: { found: [[{ name: 'P1' }, { name: 'C1' }, null], null, [{ text: '' }, { name: 'P2' }]] } },
    );
    expect(asked.map(({ subgraph, representations }) => [subgraph, representations])).toEqual([
      ['search', undefined],
      [
        'people',
        [
          { __typename: 'Person', id: '1' },
          { __typename: 'Person', id: '2' },
        ],
      ],
      ['courses', [{ __typename: 'Course', id: '1' }]],
    ]);
  });

  test('keeps 0 where types disagree about a field and the plan renames it', async () => {
    const answer = (size: number | null) => ({
      data: { found: [[{}, { size: 7 }, null], null, [{ size }, {}]] },
    });
    const query = '{ found { ... on Sized { size } } }';
    await expectOfEach(await search(), query, { ours: answer(0), stock: answer(null) });
  });

  test('has the client’s names in the path of an error at a field that the plan renames', async () => {
    const graph = await search(() => {
      throw new Error('Nobody measured.');
    });
    const query = '{ found { ... on Sized { size } } }';
    const { stock } = await graph.ask(query, {});
    await expectOfEach(graph, query, {
      ours: {
        data: { found: [[{}, { size: 7 }, null], null, [null, {}]] },
        errors: [{ message: 'Nobody measured.', path: ['found', 2, 0, 'size'] }],
      },
      stock,
    });
  });
});
