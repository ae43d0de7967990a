import { describe, expect, test } from 'vitest';
import type { Fixture } from './oracle/fixtures.ts';
import { compose } from './oracle/gateways.ts';
import { head, people, posts, startEngine } from './support/engine.ts';

describe('another supergraph', () => {
  const next: Fixture = {
    ...people,
    subgraphs: {
      ...people.subgraphs,
      persons: `${people.subgraphs['persons'] ?? ''} extend type Person { age: Int }`,
    },
  };

  test('takes over while requests are under way, and they end on the one they began with', async () => {
    const gate = Promise.withResolvers<void>();
    const { engine, ask, asked } = startEngine(people, async ({ subgraph, variables }) => {
      if (subgraph === 'posts') {
        await gate.promise;
        return { data: structuredClone(posts) };
      }
      return { data: { _entities: variables.representations?.map(() => ({ name: 'Li', age: 7 })) } };
    });
    const before = ask('{ posts { author { name } } }');
    await engine.swap(compose(next));
    const after = ask('{ posts { author { name age } } }');
    gate.resolve();
    expect((await before).data).toEqual({ posts: [{ author: { name: 'Li' } }, { author: { name: 'Li' } }] });
    expect((await after).data).toMatchObject({ posts: [{ author: { name: 'Li', age: 7 } }, {}] });
    expect(asked.filter(({ query }) => query.includes('age'))).toHaveLength(1);
  });

  test('does not take over what was found valid for the one before, and has lost a field since', async () => {
    const { engine, ask } = startEngine(next, () => ({ data: { posts: [] } }));
    const { schema } = engine.supergraph;
    await engine.swap(compose(people));
    expect(await ask('{ posts { author { age } } }', {}, schema)).toEqual({ data: { posts: [] } });
  });

  test.each(['@authenticated', '@requiresScopes(scopes: [["staff"]])', '@policy(policies: [["staff"]])'])(
    'that relies on %s, which nobody here enforces, is refused',
    (directive) => {
      const [name = ''] = directive.split('(');
      const guarded = `${head.replace('"@key"', `"@key", "${name}"`)} type Query { secret: Int ${directive} }`;
      const open = () =>
        startEngine({ ...people, subgraphs: { vault: guarded } }, () => ({ data: { secret: 1 } }));
      expect(open).toThrow(new RegExp(`${name.slice(1)}.*unsupported`));
    },
  );

  test('that is none changes nothing', async () => {
    const { engine, ask } = startEngine(people, () => ({ data: { posts: [] } }));
    await expect(engine.swap('type Query { a: Int }')).rejects.toThrow(/supergraph/i);
    expect((await ask('{ posts { id } }')).data).toEqual({ posts: [] });
  });
});
