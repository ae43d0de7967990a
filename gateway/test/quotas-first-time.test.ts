import { describe, expect, test } from 'vitest';
import { startEdge, type Answer } from './support/edge.ts';
import { narrow } from './support/quotas.ts';

describe('what comes for the first time', () => {
  /** Nothing of it comes back while a test runs. */
  const wide = { ...narrow, QUOTA_STRANGER_REQUESTS_PER_MINUTE: '50', QUOTA_STRANGER_COST_PER_MINUTE: '200' };
  const left = ({ headers }: Answer) => Number(/"cost";r=(\d+);/.exec(headers.get('ratelimit') ?? '')?.[1]);

  test.each([
    ['a document', '{ hello }', {}, 21],
    ['a document that is not valid', '{ nothing }', {}, 21],
    ['each field of a fragment', '{ ...F } fragment F on Query { hello language }', {}, 22],
    ['every operation of a document', 'query A { hello } query B { language }', { operationName: 'A' }, 22],
  ])('costs its caller points besides, once: %s', async (_what, query, options, price) => {
    const edge = await startEdge(wide);
    const [first, second] = [await edge.ask(query, options), await edge.ask(query, options)];
    expect(left(first)).toBe(200 - price);
    expect(left(second)).toBeGreaterThanOrEqual(left(first));
  });

  test('is also another operation of a document, and another outcome of its conditions', async () => {
    const edge = await startEdge(wide);
    const query = 'query A($a: Boolean!) { hello @include(if: $a) } query B { hello }';
    const ask = async (operationName: string, a?: boolean) =>
      left(await edge.ask(query, { operationName, variables: { a } }));
    const levels = [
      await ask('A', true),
      await ask('A', true),
      await ask('A', false),
      await ask('A', false),
      await ask('B'),
    ];
    const spent = [200, ...levels].map((level, index, all) => (all[index - 1] ?? level) - level).slice(1);
    expect(spent.map((points) => points > 10)).toEqual([true, false, true, false, true]);
  });

  test('is refused soon where there is always more of it', async () => {
    const edge = await startEdge(wide);
    const answers: Answer[] = [];
    for (let time = 0; time < 30; time += 1) answers.push(await edge.ask(`{ hello(name: "${time}") }`));
    const served = answers.filter(({ status }) => status === 200);
    expect(served.length).toBeGreaterThanOrEqual(10);
    expect(served.length).toBeLessThan(15);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.errors?.[0]?.extensions).toMatchObject({ policy: 'cost' });
  });

  test('is not known for having been refused', async () => {
    const edge = await startEdge(wide);
    for (let time = 0; time < 30; time += 1) await edge.ask(`{ hello(name: "${time}") }`);
    expect((await edge.ask('{ language }')).status).toBe(429);
    const headers = { authorization: `Bearer ${await edge.token()}` };
    expect(left(await edge.ask('{ language }', { headers }))).toBe(39);
  });
});
