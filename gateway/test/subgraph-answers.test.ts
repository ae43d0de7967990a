import { describe, expect, test } from 'vitest';
import { people, startEngine } from './support/engine.ts';

describe('what a subgraph leaves out', () => {
  test('rises to the next place that may be null, with an error of its own', async () => {
    const { ask } = startEngine(people, () => ({
      data: { posts: [{ id: '1' }, { id: null }], other: [null] },
    }));
    const { data, errors } = await ask('{ posts { id } other { id } }');
    expect(data).toEqual({ posts: null, other: [null] });
    expect(errors?.map(({ path }) => path)).toEqual([['posts', 1, 'id']]);
  });

  test('takes all data with it where nothing may be null', async () => {
    const { ask } = startEngine(people, () => ({ data: { must: null } }));
    expect((await ask('{ must { id } }')).data).toBeNull();
  });

  test('because one field failed that must be there is told of as that failure alone', async () => {
    const { ask } = startEngine(people, () => ({
      data: null,
      errors: [{ message: 'No.', path: ['must', 'id'], extensions: { code: 'NO' } }],
    }));
    const { data, errors } = await ask('{ first: must { id } must { id } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message: 'No.', path: ['must', 'id'] }]);
    expect(errors).toHaveLength(1);
  });

  test('or brings beside what it was asked stays behind', async () => {
    const { ask } = startEngine(people, () => ({ data: { posts: [{ id: '1', secret: 's' }], secret: 's' } }));
    expect(await ask('{ posts { id } }')).toEqual({ data: { posts: [{ id: '1' }] } });
  });

  test('or of another type than its schema says becomes null', async () => {
    const { ask } = startEngine(people, () => ({ data: { posts: 'x', other: [{ id: true }, 7] } }));
    expect((await ask('{ posts { id } other { id } }')).data).toEqual({ posts: null, other: [null, null] });
  });
});

describe('names that objects inherit', () => {
  test('change no other object, whatever a subgraph says', async () => {
    const data = () => JSON.parse('{ "posts": [], "__proto__": { "other": [] } }') as Record<string, unknown>;
    const { ask } = startEngine(people, () => ({ data: data() }));
    try {
      await ask('{ posts { id } }');
      expect(Object.keys(Object.prototype)).toEqual([]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'other');
    }
  });

  test('are names like others', async () => {
    const { ask } = startEngine(people, () => ({
      data: { constructor: null, toString: [{ valueOf: '1' }] },
    }));
    expect(await ask('{ constructor: posts { id } toString: posts { valueOf: id } }')).toEqual({
      data: { constructor: null, toString: [{ valueOf: '1' }] },
    });
    const missing = await startEngine(people, () => ({ data: {} })).ask('{ constructor: posts { id } }');
    expect(missing).toEqual({ data: { constructor: null } });
  });

  test.each([
    '{ __proto__: posts { id } }',
    'query ($representations: Boolean!) { posts @skip(if: $representations) { id } }',
  ])('and those that are taken are refused: %s', async (query) => {
    const { ask } = startEngine(people, () => ({ data: {} }));
    expect((await ask(query, { representations: false })).errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
    });
  });
});
